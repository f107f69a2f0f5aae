"""Every CMS file at hand loads; the series and the restatements found by others come out."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.cms.dated_tables import TABLES
from analytics.cms.load import CmsLoad, load_cms
from analytics.cms.vintages import restatements

SHIPPED_SINCE = "2018Q1"
# Rows of the shipped file that come from no CMS file at hand, by what their `source` begins with.
TRANSCRIBED = (
    "CMS section 508 version of April 2018 ASP Pricing File.csv (as downloaded 2024-11), by way",
    "CMS section 508 version of January 2019 ASP Pricing File.csv (as downloaded 2024-11), by way",
    "CMS section 508 version of July 2022 ASP Pricing File.csv (as downloaded 2024-11), by way",
    "derived from the CMS April 2026 file",
    "CMS July 2026 Part B payment limits; unmodified public copy",
    "CMS October 2026 Medicare Part B Payment Limit File 091626; public copy",
)


@pytest.fixture(scope="module")
def cms(shared: Path) -> Path:
    return shared / "cms"


@pytest.fixture(scope="module")
def limit_files(cms: Path) -> list[Path]:
    return sorted((cms / "payment_limits").iterdir())


@pytest.fixture(scope="module")
def loaded_into(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("real") / "reference"


@pytest.fixture(scope="module")
def limits(limit_files: list[Path], loaded_into: Path) -> tuple[CmsLoad, list[dict]]:
    loaded = load_cms(loaded_into, limit_files)
    return loaded, rows_of(loaded_into / "payment_limits.csv")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_payment_limit_file_loads_without_a_word(
    limits: tuple[CmsLoad, list[dict]], limit_files: list[Path]
):
    loaded, _ = limits
    assert [each.file.name for each in loaded.files] == [path.name for path in limit_files]
    assert not loaded.has_trouble
    assert all(each.read.table == "payment_limits" for each in loaded.files)
    whole = [each for each in loaded.files if "TRIMMED" not in each.file.name]
    # Skin substitutes left in 2026 and biosimilars came in: only the order of size is sure.
    assert all(500 < len(each.read.rows) + each.on_file < 1_100 for each in whole)
    # One copy has no date: what it says beside the file of 2025-09-17 is dated by its own note.
    assert {
        each.file.name: (len(each.read.rows), each.on_file) for each in whole if each.on_file
    } == {"asp_pricing_oct2025_restated_340boptimizer.csv": (1, 977)}


def test_the_restatements_found_by_others_are_those_found_here(
    limits: tuple[CmsLoad, list[dict]], cms: Path
):
    found = [
        (
            later["effective_quarter"],
            later["hcpcs"],
            earlier["payment_limit"],
            later["payment_limit"],
            f"{_change(earlier, later)}",
            later["notes"],
        )
        for earlier, later in restatements(TABLES["payment_limits"], limits[1])
    ]
    columns = (
        "effective_quarter", "hcpcs", "first_published_limit", "later_published_limit",
        "pct_change", "later_note",
    )  # fmt: skip
    expected = rows_of(cms / "asp_restatements_found.csv")
    assert len(expected) == 34
    assert sorted(found) == sorted(
        (*(row[name] for name in columns[:4]), _two(row["pct_change"]), row["later_note"])
        for row in expected
    )


def _change(earlier: dict[str, str], later: dict[str, str]) -> str:
    first, second = Decimal(earlier["payment_limit"]), Decimal(later["payment_limit"])
    return _two(str((second / first - 1) * 100))


def _two(cell: str) -> str:
    return f"{Decimal(cell):.2f}"


def test_the_collected_series_comes_out_of_the_files_at_hand(
    limits: tuple[CmsLoad, list[dict]], cms: Path
):
    quarters = {each.read.period for each in limits[0].files}
    names = {_bare(each.file.name) for each in limits[0].files}
    told: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for row in limits[1]:
        key = (row["effective_quarter"], row["hcpcs"])
        told.setdefault(key, set()).add((row["payment_limit"], row["coinsurance_pct"]))
    series_rows = rows_of(cms / "payment_limit_series.csv")
    at_hand = [
        row
        for row in series_rows
        if row["effective_quarter"] in quarters and _bare(Path(row["source_file"]).name) in names
    ]
    assert len(at_hand) == 112
    series_alone = {row["effective_quarter"] for row in series_rows if row not in at_hand}
    assert series_alone == {
        "2009Q4", "2013Q4", "2018Q2", "2019Q1", "2022Q3", "2026Q2", "2026Q3", "2026Q4",
    }  # fmt: skip
    for row in at_hand:
        value = (row["payment_limit_usd"], row["coinsurance_pct"])
        assert value in told[row["effective_quarter"], row["hcpcs"]]
    codes = {row["hcpcs"] for row in at_hand}
    series = {(row["effective_quarter"], row["hcpcs"]) for row in at_hand}
    whole = {each.read.period for each in limits[0].files if "TRIMMED" not in each.file.name}
    assert {key for key in told if key[1] in codes and key[0] in whole} == series


def _bare(name: str) -> str:
    """A name without what was added when the file was put aside."""
    return name.replace(" (as downloaded 2024-11)", "")


def test_j1324_is_in_none_of_them(limits: tuple[CmsLoad, list[dict]]):
    assert not [row for row in limits[1] if row["hcpcs"] == "J1324"]


def test_loading_them_backwards_and_again_changes_no_byte(
    limits: tuple[CmsLoad, list[dict]], limit_files: list[Path], loaded_into: Path, tmp_path: Path
):
    del limits
    load_cms(tmp_path, limit_files[::-1])
    whole = (loaded_into / "payment_limits.csv").read_bytes()
    assert (tmp_path / "payment_limits.csv").read_bytes() == whole
    assert not load_cms(tmp_path, limit_files[:3]).tables[0].is_written


def test_the_shipped_limits_are_what_load_cms_makes_of_the_files_since_2018(
    project: Path, limit_files: list[Path], tmp_path: Path
):
    shipped = project / "data" / "reference" / "payment_limits.csv"
    with shipped.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    by_hand = [row for row in rows if row["source"].startswith(TRANSCRIBED)]
    assert len(by_hand) == 29
    with (tmp_path / "payment_limits.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(by_hand)
    wanted = [path for path in limit_files if _quarter_of(path) >= SHIPPED_SINCE]
    assert len(wanted) == 37
    load_cms(tmp_path, wanted)
    assert (tmp_path / "payment_limits.csv").read_bytes() == shipped.read_bytes()


def _quarter_of(path: Path) -> str:
    head = path.read_bytes()[:600].decode("cp1252")
    year = head.partition(" through ")[0][-4:]
    # The files before 2018 at hand are all of an October.
    return SHIPPED_SINCE if year >= SHIPPED_SINCE[:4] else f"{year}Q4"


@pytest.mark.parametrize(
    ("folder", "table", "files", "rows"),
    [
        ("crosswalk", "ndc_crosswalk", 8, 46_101),
        ("hcpcs", "hcpcs_codes", 1, 1_084),
        ("opps", "opps_status", 2, 5_683),
    ],
)
def test_every_file_of_the_other_kinds_loads(
    cms: Path, tmp_path: Path, folder: str, table: str, files: int, rows: int
):
    paths = [path for path in sorted((cms / folder).iterdir()) if "layout" not in path.name]
    loaded = load_cms(tmp_path, paths)
    assert (loaded.troubles, len(loaded.files)) == ((), files)
    assert len(rows_of(tmp_path / f"{table}.csv")) == rows


def test_the_noc_files_load(cms: Path, tmp_path: Path):
    paths = sorted((cms / "noc").iterdir())
    assert len(load_cms(tmp_path, paths).troubles) == 2
    assert not list(tmp_path.iterdir())
    loaded = load_cms(tmp_path, paths, published=date(2025, 9, 17))
    assert loaded.troubles == ()
    (price,) = rows_of(tmp_path / "noc_prices.csv")
    assert (price["drug_name"], price["payment_limit"]) == ("Vasopressin (Long Grove)", "2.462")
    packages = rows_of(tmp_path / "noc_packages.csv")
    assert {row["bill_units_per_package"] for row in packages} == {"200", "400"}


def test_padcev_j1324_and_outpatient_status_are_as_cms_prints_them(cms: Path, tmp_path: Path):
    paths = [path for folder in ("crosswalk", "opps", "hcpcs") for path in (cms / folder).iterdir()]
    load_cms(tmp_path, paths)
    packages = rows_of(tmp_path / "ndc_crosswalk.csv")
    padcev = {
        (row["ndc11"], row["hcpcs"], row["bill_units"])
        for row in packages
        if row["ndc11"].startswith("51144")
    }
    assert {("51144002001", "J9177", "80"), ("51144003001", "J9177", "120")} <= padcev
    assert not [row for row in packages if row["hcpcs"] == "J1324"]
    status = {
        (row["effective_from"], row["hcpcs"]): (row["status_indicator"], row["payment_rate"])
        for row in rows_of(tmp_path / "opps_status.csv")
    }
    assert status["2025-01-01", "J9177"] == ("K", "36.65")
    assert status["2025-10-01", "J9177"] == ("K", "36.743")
    assert status["2025-01-01", "J1324"] == ("E2", "")
    assert status["2025-10-01", "J1324"] == ("E1", "")
    (code,) = [row for row in rows_of(tmp_path / "hcpcs_codes.csv") if row["hcpcs"] == "J1324"]
    assert code["long_descriptor"] == "Injection, enfuvirtide, 1 mg"
    assert (code["added_on"], code["action_on"], code["terminated_on"]) == (
        "2007-01-01",
        "2018-01-01",
        "",
    )
