"""A table leaves as a file a spreadsheet can open without running anything in it."""

import importlib.util
import stat
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_site import SmallSite, make_small_site

from analytics.errors import UsageError
from analytics.export import as_spreadsheet_text, export_table

NAMES = ["=cmd()", "+1", "-1", "@SUM(A1)", "\t=1", "Birch", ""]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    site = make_small_site(tmp_path, monkeypatch)
    site.lines = pl.DataFrame(
        {
            "claim_id": NAMES,
            "line_number": range(len(NAMES)),
            "allowed_usd": [f"-{number}.50" for number in range(len(NAMES))],
        }
    )
    return site


def exported(site: SmallSite, name: str) -> Path:
    out = site.folder.root / name
    rows = export_table(site.folder, site.refresh().run, "outcomes", out)
    assert rows == len(NAMES)
    return out


def test_csv_holds_no_cell_that_a_spreadsheet_would_run(site: SmallSite):
    cells = pl.read_csv(exported(site, "out.csv"), infer_schema=False)
    quoted = {f"'{name}" for name in NAMES if name[:1] in set("=+-@\t") and name}
    assert quoted <= set(cells["claim_id"])
    assert "Birch" in cells["claim_id"].to_list()


def test_negative_dollars_stay_numbers(site: SmallSite):
    cells = pl.read_csv(exported(site, "out.csv"), infer_schema=False)
    assert "-1.50" in cells["allowed_usd"].to_list()


def test_rows_are_sorted_by_the_key(site: SmallSite):
    cells = pl.read_parquet(exported(site, "out.parquet"))
    assert cells["claim_id"].to_list() == sorted(NAMES)
    assert cells.schema["allowed_usd"] == pl.Decimal(18, 2)


def test_list_column_becomes_text():
    rows = pl.LazyFrame({"rarcs": [["N822", "M1"], [], None]})
    assert as_spreadsheet_text(rows).collect()["rarcs"].to_list() == ["N822 M1", "", None]


@given(st.text())
def test_no_text_leaves_as_a_formula(text: str):
    [cell] = as_spreadsheet_text(pl.LazyFrame({"note": [text]})).collect()["note"]
    assert cell[:1] not in set("=+-@\t\r")
    assert cell.removeprefix("'") == text.removeprefix("'")


def test_exported_file_is_for_its_owner_alone(site: SmallSite):
    assert stat.S_IMODE(exported(site, "out.csv").stat().st_mode) == 0o600


def test_existing_file_is_replaced_whole_and_no_draft_stays(site: SmallSite):
    out = site.folder.root / "out.csv"
    out.write_text("old")
    exported(site, "out.csv")
    assert out.read_text().startswith("claim_id,")
    assert list(site.folder.root.glob("*.draft")) == []


@pytest.mark.parametrize(
    ("table", "name", "said"),
    [
        ("outcome", "out.csv", "there is no table outcome .* it has outcomes, run_info"),
        ("outcomes", "out.txt", "endings known are .csv, .parquet, .xlsx"),
        ("outcomes", "no/such/out.csv", "there is no folder"),
    ],
)
def test_what_cannot_be_exported_is_said(site: SmallSite, table: str, name: str, said: str):
    run = site.refresh().run
    with pytest.raises(UsageError, match=said):
        export_table(site.folder, run, table, site.folder.root / name)


def test_xlsx_without_its_package_says_what_to_install(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="xlsx needs the package xlsxwriter; it is not installed"):
        exported(site, "out.xlsx")
