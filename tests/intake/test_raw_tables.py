"""The raw tables are those of `TABLES.md`, column by column."""

import re
from pathlib import Path

import pytest

from analytics.intake.raw_tables import RAW_TABLES


@pytest.fixture(scope="module")
def told(project: Path) -> dict[str, str]:
    """Table name to what `TABLES.md` says of its columns."""
    text = (project / "analytics" / "intake" / "TABLES.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(raw_8\w+|raw_x12\w+)`(.*)\|$", text, re.M)
    return dict(rows)


def test_every_table_that_is_told_is_made_and_no_other(told: dict[str, str]):
    assert set(told) == set(RAW_TABLES)


@pytest.mark.parametrize("name", RAW_TABLES)
def test_every_column_is_told(told: dict[str, str], name: str):
    common = {"file_sha256", "transaction_number", "source_offset"}
    words = set(re.findall(r"\w+", told[name])) | common
    assert set(RAW_TABLES[name]) <= words


@pytest.mark.parametrize("name", [name for name in RAW_TABLES if name != "raw_x12__files"])
def test_every_table_begins_with_its_file_and_ends_with_its_place(name: str):
    assert list(RAW_TABLES[name])[:2] == ["file_sha256", "transaction_number"]
    assert list(RAW_TABLES[name])[-1] == "source_offset"
