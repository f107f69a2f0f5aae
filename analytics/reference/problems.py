"""What is wrong with a reference file, or to be asked about it, as sentences a person can act on.

A problem leaves a row, or a file, out of every figure; a question leaves everything as it is. Rows
with which the same is wrong are told in one sentence, so that ten slips are not ten lines to read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

NOT_USED = "The row is not used until it is mended."
NOT_USED_TOGETHER = "They are not used until they are mended."
ROWS_NAMED = 10
CELLS_QUOTED = 3


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a reference file: where, what was found, what to do.

    `is_fatal` stops a publish; `is_left_out` says that the row, or the file, is in no figure.
    `rule` is the sentence without what was `found`, the same for every row it is said of.
    """

    source_file: str
    row_number: int | None
    column: str | None
    sentence: str
    is_fatal: bool = False
    is_left_out: bool = False
    found: str | None = None
    rule: str | None = None

    def __str__(self) -> str:
        """Return the place and the sentence, as a person reads it."""
        numbers = () if self.row_number is None else (self.row_number,)
        return f"{_place(self.source_file, numbers, self.column)}: {self.sentence}"


@dataclass(frozen=True)
class Question:
    """Something a person should look at: the rows it is about, and why. The rows are used."""

    source_file: str
    row_numbers: tuple[int, ...]
    column: str | None
    sentence: str

    def __str__(self) -> str:
        """Return the place and the sentence, as a person reads it."""
        return f"{_place(self.source_file, self.row_numbers, self.column)}: {self.sentence}"


def row_left_out(
    source_file: str, number: int, column: str | None, rule: str, found: str | None = None
) -> Problem:
    """Return the problem of a row that is not used, quoting what was found where something was.

    Takes    found, as it stands in the sentence: `"0.5"` with its quotation marks, or `nothing`
    """
    said = _said(found, rule)
    return Problem(
        source_file, number, column, f"{said} {NOT_USED}", is_left_out=True, found=found, rule=rule
    )


def fallback_left_out(source_file: str, number: int, with_row: int, of_file: str) -> Problem:
    """Return the problem of a row that would answer for another one that is left out."""
    other = f"row {with_row}" if source_file == of_file else f"row {with_row} of {of_file}"
    rule = f"left out with {other}: which of them holds cannot be told. Mend row {with_row}."
    return Problem(source_file, number, None, rule, is_left_out=True, rule=rule)


def rows_left_out(
    broken: pl.DataFrame, source_file: str, column: str, rule: str
) -> tuple[Problem, ...]:
    """Return one problem per row of `broken`, quoting its `column`."""
    return tuple(
        row_left_out(source_file, number, column, _ended(rule), quoted(found))
        for number, found in broken.select("row_number", column).rows()
    )


def rows_asked(odd: pl.DataFrame, source_file: str, column: str, rule: str) -> tuple[Question, ...]:
    """Return one question about all rows of `odd`, quoting its `column`; none where it is empty."""
    if odd.is_empty():
        return ()
    numbers, found = odd.sort("row_number").select("row_number", column).get_columns()
    cells = listed([quoted(cell) for cell in found.unique(maintain_order=True)], CELLS_QUOTED)
    return (Question(source_file, tuple(numbers), column, _said(cells, _ended(rule))),)


def sentences(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Return the problems as a person reads them, rows of one rule in one sentence."""
    alike: dict[object, list[Problem]] = {}
    for problem in problems:
        alone = problem.rule is None or problem.row_number is None
        key = problem if alone else (problem.source_file, problem.column, problem.rule)
        alike.setdefault(key, []).append(problem)
    return tuple(_sentence(group) for group in alike.values())


def listed(words: Sequence[str], most: int) -> str:
    """Return words as a list in prose, at most so many and the number of the others.

    >>> listed(["3", "7", "12"], 10), listed(["a", "b", "c"], 2)
    ('3, 7 and 12', 'a, b and 1 more')
    """
    named = list(words[:most])
    if len(words) > most:
        named.append(f"{len(words) - most:,} more")
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def quoted(found: str | None) -> str:
    """Return a cell as it stands in a sentence."""
    return "nothing" if found is None else f'"{found}"'


def nearest(found: str, known: Iterable[str]) -> str:
    """Return the known name a typing error probably meant, as a question; else nothing."""
    spelled = {name.lower(): name for name in known}
    close = get_close_matches(found.lower(), spelled, n=1)
    return f" Did you mean {spelled[close[0]]}?" if close else ""


def rows_named(numbers: Sequence[int]) -> str:
    """Return `row 3`, or `rows 3, 7 and 12`."""
    names = [str(number) for number in numbers]
    return f"row{'s' * (len(names) != 1)} {listed(names, ROWS_NAMED)}"


def _sentence(group: Sequence[Problem]) -> str:
    first = group[0]
    if len(group) == 1 or first.rule is None:
        return str(first)
    numbers = tuple(problem.row_number for problem in group if problem.row_number is not None)
    cells = [problem.found for problem in group if problem.found is not None]
    found = listed(list(dict.fromkeys(cells)), CELLS_QUOTED) if cells else None
    place = _place(first.source_file, numbers, first.column)
    action = f" {NOT_USED_TOGETHER}" if first.sentence.endswith(NOT_USED) else ""
    return f"{place}: {_said(found, first.rule)}{action}"


def _ended(rule: str) -> str:
    return rule if rule.endswith("?") else f"{rule}."


def _said(found: str | None, rule: str) -> str:
    return rule if found is None else f"found {found}; {rule}"


def _place(source_file: str, numbers: Sequence[int], column: str | None) -> str:
    rows = f" {rows_named(numbers)}" if numbers else ""
    return f"{source_file}{rows}{'' if column is None else f', {column}'}"
