"""The package reads the same rows as a plain loop over segments: every file, row and column."""

from __future__ import annotations

import ast
import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.intake.raw_tables import FILES, RAW_TABLES, REJECTS
from tests.intake.parsed_together import FileRows, rows_alone, rows_together
from tests.intake.row_differences import COLUMNS, HIDDEN, differences, plain_reading
from tests.small_x12 import ACKNOWLEDGEMENT, CLAIMS, HOSPITAL_CLAIMS, REMIT, Style, interchange
from tests.x12_mutants.bases import BASES
from tests.x12_mutants.damage import Draft

PLAIN = ("plain_835", "plain_837", "plain_rows", "plain_splitter", "plain_x12")
EVERYTHING = interchange(REMIT, CLAIMS, HOSPITAL_CLAIMS, ACKNOWLEDGEMENT)


@pytest.fixture(scope="module")
def everything() -> FileRows:
    """The rows of a file that has some in every table."""
    return rows_alone(EVERYTHING)


def disagreements(contents: dict[str, bytes]) -> dict[str, list[str]]:
    """Per file that is read in two ways, where the two differ; parsed as one batch."""
    found = rows_together(list(contents.values()))
    told = {
        name: differences(rows, plain_reading(content))
        for (name, content), rows in zip(contents.items(), found, strict=True)
    }
    return {name: sentences for name, sentences in told.items() if sentences}


def unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def test_every_public_sample_has_the_rows_of_the_plain_splitter(shared: Path):
    paths = [path for path in (shared / "x12").rglob("*") if path.parent != shared / "x12"]
    contents = {str(path): unpacked(path) for path in paths if path.is_file()}
    assert disagreements(contents) == {}
    assert len(contents) == 215


def test_every_file_of_the_sample_site_has_the_rows_of_the_plain_splitter(project: Path):
    paths = [path for path in (project / "data/sample/raw").rglob("*.8*") if path.is_file()]
    assert disagreements({str(path): unpacked(path) for path in paths}) == {}
    assert len(paths) > 200


@pytest.mark.parametrize(
    "style", [Style(), Style("|", ">", "\n"), Style("^", ":", "\x1c", "\r\n  ")], ids=repr
)
def test_small_files_have_the_rows_of_the_plain_splitter(style: Style):
    transactions = (REMIT, CLAIMS, HOSPITAL_CLAIMS, ACKNOWLEDGEMENT)
    contents = {told[4:12]: interchange(told, style=style) for told in transactions}
    contents["all"] = interchange(*transactions, style=style)
    assert disagreements(contents) == {}


def test_bases_of_the_damaged_files_have_the_rows_of_the_plain_splitter():
    assert disagreements({base.name: Draft.of(base).written() for base in BASES}) == {}


def test_every_table_but_rejects_has_rows_that_are_compared(everything: FileRows):
    assert {name for name in RAW_TABLES if not everything[name]} == {REJECTS}


def test_every_column_is_compared_but_keys_hashes_and_sentences():
    columns = {column for schema in RAW_TABLES.values() for column in schema}
    compared = {column for names in COLUMNS.values() for column in names}
    assert columns - compared == set(HIDDEN)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (table, column)
        for table, names in COLUMNS.items()
        for column in names
        if table not in (FILES, REJECTS)
    ],
)
def test_a_changed_cell_of_any_column_is_a_difference(
    everything: FileRows, table: str, column: str
):
    rows = dict(everything)
    place = list(RAW_TABLES[table]).index(column)
    first, *rest = rows[table]
    rows[table] = [(*first[:place], _another(first[place]), *first[place + 1 :]), *rest]
    [told] = differences(rows, plain_reading(EVERYTHING))
    assert told.startswith(f"{table}: row 0: {column} ")


@pytest.mark.parametrize("table", [name for name in RAW_TABLES if name not in (FILES, REJECTS)])
def test_a_missing_or_repeated_row_is_a_difference(everything: FileRows, table: str):
    rows = everything
    for changed in (rows[table][1:], [*rows[table], rows[table][-1]]):
        assert differences({**rows, table: changed}, plain_reading(EVERYTHING))


def test_a_missing_reject_or_count_is_a_difference():
    content = interchange(REMIT.replace("CLP*A1*1*400", "CLP*A1*1*FOUR"))
    rows: FileRows = rows_alone(content)
    assert differences(rows, plain_reading(content)) == []
    assert differences({**rows, REJECTS: []}, plain_reading(content))
    [row] = rows[FILES]
    assert differences({**rows, FILES: [_with_one_more(row)]}, plain_reading(content))


def test_the_plain_splitter_takes_nothing_from_the_package(project: Path):
    for name in PLAIN:
        tree = ast.parse((project / "tests" / "intake" / f"{name}.py").read_text(encoding="utf-8"))
        modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        modules += [
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        ]
        assert not [module for module in modules if module.startswith(("analytics", "polars"))]


def _another(cell: object) -> object:
    """Some other cell of the same kind."""
    if isinstance(cell, bool):
        return not cell
    if isinstance(cell, int | Decimal):
        return cell + 1
    if isinstance(cell, date):
        return cell.replace(year=1999)
    return f"{cell}X" if cell is not None else "X"


def _with_one_more(row: tuple) -> tuple:
    place = list(RAW_TABLES[FILES]).index("segments_rejected")
    return (*row[:place], row[place] + 1, *row[place + 1 :])
