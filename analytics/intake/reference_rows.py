"""The rows of one reference CSV that can be used, and a sentence for everything that cannot.

A file whose columns are unknown or missing is not used at all (`is_fatal`: the last good run
stays). A row with one bad cell is left out and listed; the rest of the file is used. Cells are
quoted: reference files hold no patients.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from analytics.intake.csv_text import CsvTable, UnreadableCsvError, read_csv_text
from analytics.intake.reference_cells import expectation, hint, is_wrong, tidied
from analytics.intake.reference_columns import NOTE_COLUMNS, Column, ReferenceFile
from analytics.intake.reference_open import SEEN_LINES, SEEN_USD, OpenRows, odd_notes, told_apart
from analytics.intake.reference_rules import rules_for

NOT_USED = "The row is not used until it is mended."
FILE_NOT_USED = "The file is not used and the last good run stays."
BOTH_JW_AND_JZ = "requires_jw_jz"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a reference file: where, what was found, what to do.

    `is_fatal` stops a publish; `is_left_out` says that the row, or the file, is in no figure.
    """

    source_file: str
    row_number: int | None
    column: str | None
    sentence: str
    is_fatal: bool = False
    is_left_out: bool = False

    def __str__(self) -> str:
        """Return the place and the sentence, as a person reads it."""
        row = "" if self.row_number is None else f" row {self.row_number}"
        column = "" if self.column is None else f", {self.column}"
        return f"{self.source_file}{row}{column}: {self.sentence}"


@dataclass(frozen=True)
class OverlongRow:
    """A row with more cells than the header: nobody knows which cell is out of place."""

    row_number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ReferenceRows:
    """What one file gave: its usable rows, None where there is no usable file, and the problems.

    `left_out` are the rows with a problem, as found, and `overlong` those that cannot be told
    apart into columns. A row that stands there twice is not left out: once is enough. `open_rows`
    are questions nobody has answered: in no table, and no problem.
    """

    rows: pl.DataFrame | None
    problems: tuple[Problem, ...] = ()
    left_out: pl.DataFrame | None = None
    overlong: tuple[OverlongRow, ...] = ()
    open_rows: OpenRows | None = None

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
    if path.is_dir():
        sentence = f"is a folder; put the file itself in its place. {FILE_NOT_USED}"
        return ReferenceRows(None, (_fatal(named, sentence),))
    try:
        table = read_csv_text(path)
    except (UnreadableCsvError, OSError) as trouble:
        why = trouble if isinstance(trouble, UnreadableCsvError) else trouble.strerror
        return ReferenceRows(None, (_fatal(named, f"cannot be read: {why}. {FILE_NOT_USED}"),))
    wrong_columns = _wrong_columns(file, table, named)
    if wrong_columns:
        return ReferenceRows(None, wrong_columns)
    cells, open_rows = told_apart(file, table.cells)
    rows = _in_published_columns(file, cells, source)
    problems = (
        *_overlong(table, named),
        *_odd_notes(cells, named),
        *_bad_cells(file, rows, named),
        *_broken_rules(file, rows, named),
    )
    again = _same_rows(file, without_left_out(rows, problems), named)
    once = without_left_out(rows, again)
    same_keys = _same_keys(file, without_left_out(once, problems), named)
    usable = without_left_out(once, (*problems, *same_keys))
    return ReferenceRows(
        usable,
        (*problems, *again, *same_keys),
        once.join(usable, on="row_number", how="anti"),
        tuple(OverlongRow(number, cells) for number, cells in table.overlong_rows.items()),
        open_rows,
    )


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


def nearest(found: str, known: tuple[str, ...]) -> str:
    """Return the known name a typing error probably meant, as a question; else nothing."""
    spelled = {name.lower(): name for name in known}
    close = get_close_matches(found.lower(), spelled, n=1)
    return f" Did you mean {spelled[close[0]]}?" if close else ""


def row_problems(
    broken: pl.DataFrame, named: str, column: str, sentence: str, *, leaves_out: bool
) -> tuple[Problem, ...]:
    """Return one problem per row of `broken`, quoting its `column`."""
    action = f" {NOT_USED}" if leaves_out else ""
    return tuple(
        Problem(
            source_file=named,
            row_number=number,
            column=column,
            sentence=f"found {_quoted(found)}; {sentence}.{action}",
            is_left_out=leaves_out,
        )
        for number, found in broken.select("row_number", column).rows()
    )


def _quoted(found: str | None) -> str:
    return "nothing" if found is None else f'"{found}"'


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


def _overlong(table: CsvTable, named: str) -> tuple[Problem, ...]:
    sentence = (
        f"more cells than the header has columns: a comma without quotation marks? {NOT_USED}"
    )
    return tuple(
        Problem(named, number, None, sentence, is_left_out=True) for number in table.overlong_rows
    )


def _odd_notes(cells: pl.DataFrame, named: str) -> tuple[Problem, ...]:
    sentence = (
        f"{SEEN_LINES} and {SEEN_USD} are notes, a count and dollars, both or neither."
        f" A comma without quotation marks? Else empty them. {NOT_USED}"
    )
    return tuple(
        Problem(named, number, SEEN_LINES, f'found "{found}"; {sentence}', is_left_out=True)
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
        Problem(
            named,
            number,
            column.name,
            f'found "{found}"; expected {expectation(column)}.{hint(column, found)} {NOT_USED}',
            is_left_out=True,
        )
        for number, found in wrong
    )


def _empty(column: Column, rows: pl.DataFrame, named: str) -> tuple[Problem, ...]:
    if not column.required:
        return ()
    empty = rows.filter(pl.col(column.name).is_null())
    return row_problems(empty, named, column.name, "every row needs one", leaves_out=True)


def _broken_rules(file: ReferenceFile, rows: pl.DataFrame, named: str) -> tuple[Problem, ...]:
    return tuple(
        problem
        for rule in rules_for(file.name, file.column_names)
        for problem in row_problems(
            rows.filter(rule.is_broken.fill_null(value=False)),
            named,
            rule.column,
            rule.sentence,
            leaves_out=rule.leaves_out,
        )
    )


def _same_rows(file: ReferenceFile, rows: pl.DataFrame, named: str) -> tuple[Problem, ...]:
    again = rows.filter(~pl.struct(file.column_names).is_first_distinct())
    sentence = "the same row stands above; once is enough"
    return row_problems(again, named, file.columns[0].name, sentence, leaves_out=True)


def _same_keys(file: ReferenceFile, rows: pl.DataFrame, named: str) -> tuple[Problem, ...]:
    if not file.key:
        return ()
    differ = rows.filter(pl.struct(_key_cells(file)).is_duplicated())
    sentence = f"rows share {', '.join(file.key)} and differ: keep the one that is right"
    return row_problems(differ, named, file.key[0], sentence, leaves_out=True)


def _key_cells(file: ReferenceFile) -> tuple[pl.Expr, ...]:
    # Names are compared as claims are matched to payers: without case or blanks.
    if file.name == "payer_aliases":
        return (pl.col("alias").str.to_uppercase().str.replace_all(r"\s", ""),)
    return tuple(pl.col(name) for name in file.key)
