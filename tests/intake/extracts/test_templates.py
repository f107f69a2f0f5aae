"""Templates are extracts without rows, and what the page on extracts shows can be read."""

import re
from pathlib import Path

import pytest

from analytics.intake.extracts.files import read_extract
from analytics.intake.extracts.names import ColumnMap, read_column_map
from analytics.intake.extracts.templates import templates, write_templates
from tests.intake.extract_site import Read, reasons
from tests.intake.raw_folder import KEY, files_of, rows_of

KINDS = {
    "paper_eob.csv": "remit_lines",
    "claim_lines.csv": "claim_lines",
    "administrations.csv": "administrations",
    "asks.csv": "asks",
}


@pytest.fixture(scope="module")
def page(project: Path) -> str:
    return (project / "analytics" / "intake" / "EXTRACTS.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_template_is_an_extract_of_its_kind(name: str, kind: str):
    file = read_extract(templates()[name].encode(), ColumnMap(), KEY)
    assert (file.kind.name, file.refused, file.received) == (kind, None, 0)


def test_every_template_is_told_here():
    assert set(templates()) == {*KINDS, "columns.toml"}
    assert read_column_map(templates()["columns.toml"].encode()).columns[""] == {}


def test_entries_of_the_columns_template_hold_when_they_are_taken(read: Read):
    entries = re.sub(r"^# (?=[\"i])", "", templates()["columns.toml"], flags=re.M)
    found = read_column_map(entries.encode())
    assert found.columns["remit_lines"] == {"check_date": "payment_date"}
    assert found.ignored[""] == {"patient_name", "notes"}


def test_templates_are_written_once_and_never_over_a_persons_own(tmp_path: Path):
    assert {path.name for path in write_templates(tmp_path / "templates")} == set(templates())
    (tmp_path / "templates" / "asks.csv").write_text("mine")
    (tmp_path / "templates" / "columns.toml").unlink()
    assert [path.name for path in write_templates(tmp_path / "templates")] == ["columns.toml"]
    assert (tmp_path / "templates" / "asks.csv").read_text() == "mine"


def test_example_of_a_paper_eob_is_read(page: str, read: Read):
    example = re.search(r"```csv\n(.*?)```", page, re.S)[1]
    tables = read({"eob.csv": example})
    assert reasons(tables) == []
    assert files_of(tables)["eob.csv"]["kind"] == "remit_lines"
    lines = rows_of(tables, "raw_835__remit_lines")
    own = rows_of(tables, "raw_835__adjustments")["adjustment_usd"].sum()
    assert lines["charge_usd"].sum() - own == lines["paid_usd"].sum()


def test_example_of_a_column_map_is_read(page: str):
    example = re.search(r"```toml\n(.*?)```", page, re.S)[1]
    assert read_column_map(example.encode()).columns["remit_lines"]


def test_every_column_is_told_on_the_page(page: str):
    from analytics.intake.extracts.columns import KINDS as EVERY

    words = set(re.findall(r"\w+", page))
    for kind in EVERY:
        assert set(kind.known) <= words, kind.name
