"""The rows of one reference CSV that can be used, and a sentence for everything that cannot.

A file whose columns are unknown or missing is not used at all (`is_fatal`: the last good run
stays). A row with one bad cell is left out and listed; the rest of the file is used. Cells are
quoted: reference files hold no patients.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.intake.csv_text import CsvTable, UnreadableCsvError, read_csv_text
from analytics.reference.cells import expectation, hint, is_wrong, tidied
from analytics.reference.columns import NOTE_COLUMNS
from analytics.reference.open_rows import SEEN_LINES, SEEN_USD, OpenRows, odd_notes, told_apart
from analytics.reference.problems import (
    Problem,
    Question,
    nearest,
    quoted,
    row_left_out,
    rows_asked,
    rows_left_out,
)
from analytics.reference.rules import RowRule, rules_for
from analytics.reference.shapes import Column, ReferenceFile

FILE_NOT_USED = "The file is not used and the last good run stays."
BOTH_JW_AND_JZ = "requires_jw_jz"


@dataclass(frozen=True)
class OverlongRow:
    """A row with a cell too many, or counts that are none: a cell of it is out of place."""

    row_number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ReferenceRows:
    """What one file gave: its usable rows, None where there is no usable file, and the problems.

    `left_out` are the rows with a problem, as found, and `overlong` those whose cells are out of
    place. A row that stands there twice is not left out: once is enough. `open_rows` are questions
    nobody has answered: in no table, and no problem. `questions` are about rows that are used.
    """

    rows: pl.DataFrame | None
    problems: tuple[Problem, ...] = ()
    left_out: pl.DataFrame | None = None
    overlong: tuple[OverlongRow, ...] = ()
    open_rows: OpenRows | None = None
    questions: tuple[Question, ...] = ()

    @property
    def is_fatal(self) -> bool:
        """Whether there is a file and it cannot be used."""
        return any(problem.is_fatal for problem in self.problems)


def read_rows(folder: Path, file: ReferenceFile, *, source: str) -> ReferenceRows:
    """Return the usable rows of `<folder>/<name>.csv`, with `row_source` and `row_number`.

    Takes    source, `site` or `shipped`
    """
    path = path_of(folder, f"{file.name}.csv")
    if path is None:
        return ReferenceRows(None)
    named = f"{folder.name}/{path.name}" if source == "site" else f"shipped/{path.name}"
    table = _table_of(path, named)
    if isinstance(table, Problem):
        return ReferenceRows(None, (table,))
    wrong_columns = _wrong_columns(file, table, named)
    if wrong_columns:
        return ReferenceRows(None, wrong_columns)
    return _rows_in_use(file, table, named, source)


def path_of(folder: Path, name: str) -> Path | None:
    """Return the file of that name, else one that differs in capitals only."""
    if not folder.is_dir():
        return None
    spelled = sorted(path for path in folder.iterdir() if path.name.lower() == name)
    return next((path for path in spelled if path.name == name), spelled[0] if spelled else None)


def without_left_out(rows: pl.DataFrame, problems: tuple[Problem, ...]) -> pl.DataFrame:
    """Return the rows that no problem leaves out."""
    left_out = [problem.row_number for problem in problems if problem.is_left_out]
    return rows.filter(~pl.col("row_number").is_in(left_out))


def _table_of(path: Path, named: str) -> CsvTable | Problem:
    """The file as a table of text, or why there is none."""
    if path.is_dir():
        return _fatal(named, f"is a folder; put the file itself in its place. {FILE_NOT_USED}")
    try:
        return read_csv_text(path)
    except (UnreadableCsvError, OSError) as trouble:
        why = trouble if isinstance(trouble, UnreadableCsvError) else trouble.strerror
        return _fatal(named, f"cannot be read: {why}. {FILE_NOT_USED}")


def _rows_in_use(file: ReferenceFile, table: CsvTable, named: str, source: str) -> ReferenceRows:
    """The rows of a table whose columns are right, less those that a problem leaves out."""
    cells, open_rows = told_apart(file, table.cells)
    rows = _in_published_columns(file, cells, source)
    problems = (
        *_overlong(table, named),
        *_odd_notes(cells, named),
        *_bad_cells(file, rows, named),
        *_broken_rules(_rules(file, leaves_out=True), rows, named),
    )
    again = _same_rows(file, without_left_out(rows, problems), named)
    once = without_left_out(rows, again)
    same_keys = _same_keys(file, without_left_out(once, problems), named)
    usable = without_left_out(once, (*problems, *same_keys))
    return ReferenceRows(
        usable,
        (*problems, *again, *same_keys),
        once.join(usable, on="row_number", how="anti"),
        _out_of_place(table, cells),
        open_rows,
        tuple(_questions(file, usable, named)),
    )


def _questions(file: ReferenceFile, usable: pl.DataFrame, named: str) -> Iterator[Question]:
    for rule in _rules(file, leaves_out=False):
        yield from rows_asked(_broken(rule, usable), named, rule.column, rule.sentence)


def _fatal(named: str, sentence: str, column: str | None = None) -> Problem:
    return Problem(named, None, column, sentence, is_fatal=True, is_left_out=True)


def _wrong_columns(file: ReferenceFile, table: CsvTable, named: str) -> tuple[Problem, ...]:
    known = _known_columns(file)
    listed = f"It knows {', '.join(known)}."
    unknown = tuple(
        _fatal(
            named,
            f'"{name}" is not a column of this file.{nearest(name, known)}'
            f" {listed} {FILE_NOT_USED}",
            name,
        )
        for name in table.columns
        if name not in (*known, *NOTE_COLUMNS)
    )
    missing = tuple(
        _fatal(
            named,
            f"the column {column.name} is missing; found {', '.join(table.columns)}."
            f" Add it. {FILE_NOT_USED}",
            column.name,
        )
        for column in file.columns
        if column.required and column.name not in table.columns
    )
    return (*unknown, *missing)


def _known_columns(file: ReferenceFile) -> tuple[str, ...]:
    if file.name == "payer_policies":
        return (*file.column_names, BOTH_JW_AND_JZ)
    return file.column_names


def _in_published_columns(file: ReferenceFile, cells: pl.DataFrame, source: str) -> pl.DataFrame:
    absent = [name for name in _known_columns(file) if name not in cells.columns]
    rows = cells.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)
    if BOTH_JW_AND_JZ in rows.columns:
        rows = rows.with_columns(
            pl.col("requires_jw", "requires_jz").fill_null(pl.col(BOTH_JW_AND_JZ))
        )
    return rows.select(
        *(tidied(column).alias(column.name) for column in file.columns),
        pl.lit(source).alias("row_source"),
        "row_number",
    )


def _out_of_place(table: CsvTable, cells: pl.DataFrame) -> tuple[OverlongRow, ...]:
    pushed = cells.join(odd_notes(cells), on="row_number", how="semi")
    found = {
        **table.overlong_rows,
        **{row["row_number"]: _filled(row) for row in pushed.to_dicts()},
    }
    return tuple(OverlongRow(number, row) for number, row in found.items())


def _filled(row: dict[str, object]) -> tuple[str, ...]:
    return tuple(cell for cell in row.values() if isinstance(cell, str))


def _overlong(table: CsvTable, named: str) -> tuple[Problem, ...]:
    rule = "more cells than the header has columns: a comma without quotation marks?"
    return tuple(row_left_out(named, number, None, rule) for number in table.overlong_rows)


def _odd_notes(cells: pl.DataFrame, named: str) -> tuple[Problem, ...]:
    rule = (
        f"{SEEN_LINES} and {SEEN_USD} are notes, a count and dollars, both or neither."
        " A comma without quotation marks? Else empty them."
    )
    return tuple(
        row_left_out(named, number, SEEN_LINES, rule, quoted(found))
        for number, found in odd_notes(cells).rows()
    )


def _bad_cells(file: ReferenceFile, rows: pl.DataFrame, named: str) -> tuple[Problem, ...]:
    return tuple(
        problem
        for column in file.columns
        for problem in (*_wrong_kind(column, rows, named), *_empty(column, rows, named))
    )


def _wrong_kind(column: Column, rows: pl.DataFrame, named: str) -> tuple[Problem, ...]:
    wrong = rows.filter(is_wrong(column)).select("row_number", column.name).rows()
    return tuple(
        row_left_out(
            named,
            number,
            column.name,
            f"expected {expectation(column)}.{hint(column, found)}",
            quoted(found),
        )
        for number, found in wrong
    )


def _empty(column: Column, rows: pl.DataFrame, named: str) -> tuple[Problem, ...]:
    if not column.required:
        return ()
    empty = rows.filter(pl.col(column.name).is_null())
    return rows_left_out(empty, named, column.name, "every row needs one")


def _rules(file: ReferenceFile, *, leaves_out: bool) -> tuple[RowRule, ...]:
    found = rules_for(file.name, file.column_names)
    return tuple(rule for rule in found if rule.leaves_out == leaves_out)


def _broken(rule: RowRule, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(rule.is_broken.fill_null(value=False))


def _broken_rules(
    rules: tuple[RowRule, ...], rows: pl.DataFrame, named: str
) -> tuple[Problem, ...]:
    return tuple(
        problem
        for rule in rules
        for problem in rows_left_out(_broken(rule, rows), named, rule.column, rule.sentence)
    )


def _same_rows(file: ReferenceFile, rows: pl.DataFrame, named: str) -> tuple[Problem, ...]:
    again = rows.filter(~pl.struct(file.column_names).is_first_distinct())
    sentence = "the same row stands above; once is enough"
    return rows_left_out(again, named, file.columns[0].name, sentence)


def _same_keys(file: ReferenceFile, rows: pl.DataFrame, named: str) -> tuple[Problem, ...]:
    if not file.key:
        return ()
    differ = rows.filter(pl.struct(_key_cells(file)).is_duplicated())
    sentence = f"rows share {', '.join(file.key)} and differ: keep the one that is right"
    return rows_left_out(differ, named, file.key[0], sentence)


def _key_cells(file: ReferenceFile) -> tuple[pl.Expr, ...]:
    # Names are compared as claims are matched to payers: without case or blanks.
    if file.name == "payer_aliases":
        return (pl.col("alias").str.to_uppercase().str.replace_all(r"\s", ""),)
    return tuple(pl.col(name) for name in file.key)
