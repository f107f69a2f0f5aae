"""The raw tables are those of `TABLES.md`, column by column."""

import re
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.intake.batches import write_parquet
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


def test_column_written_by_category_is_text_in_the_file(tmp_path: Path):
    texts = pl.DataFrame({"file_sha256": ["a", "b", "a", None], "segments": [1, 2, 3, 4]})
    rows = texts.cast({"file_sha256": pl.Categorical})
    assert_frame_equal(pl.read_parquet(write_parquet(tmp_path, "one", rows)), texts)
    counted = duckdb.sql(f"select file_sha256 || '', segments from '{tmp_path}/one.parquet'")
    assert counted.fetchall() == texts.rows()
