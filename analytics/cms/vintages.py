"""Everything published about one thing, as few rows as tell it: the same whatever came first.

Rows of one identity (a quarter and a code) are put in the order they were published in. Rows that
agree in their values are one row, the earliest; a value that differs is a row of its own, and one
that comes back after another is a row again. So that this does not depend on which file was loaded
first, a row says in its `source` where the same was published again:

    CMS jan_121924.csv; again 2025-03-07 (file_name) in jan_030725.csv

An estimate, the month a file was downloaded in, is kept only where its value has no date. Its file
was published by the end of that month, so it stands before what was published later; beside a date
of the same month it proves no order and is left out. Rows a person wrote are never touched.
Crosswalks are told whole, see `Dated`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from analytics.cms.dated_tables import Dated, Identity, Row, Value, identity_of, value_of
from analytics.cms.published import BASES, ESTIMATED

_AGAIN = re.compile(rf"; again (\d{{4}}-\d\d-\d\d) \(({'|'.join(BASES)})\) in ([^;]+)")
_OURS = re.compile(rf"CMS [^;]+\.\w{{2,5}}({_AGAIN.pattern})*")


@dataclass(frozen=True)
class Together:
    """The rows of a reference file, the vintages of each identity in their order.

    `outranked` are estimates, with a value no dated row has, in whose month a dated row of their
    quarter and code stands: which came first is not known. They are not among the rows.
    """

    rows: list[Row]
    outranked: list[Row]


def put_together(table: Dated, rows: Iterable[Row], *, known: Iterable[Row] = ()) -> Together:
    """Return the rows of a reference file as few as tell them, and the estimates left out.

    Takes    the rows that stand there and those of new files, in any order; and what is known
             besides, such as the shipped rows: it is not returned, and no estimate repeats it
    """
    apart = [each for row in rows for each in _told_apart(row)]
    dates = _known_dates(table, [*apart, *(each for row in known for each in _told_apart(row))])
    told: dict[Identity, list[Row]] = {}
    outranked: list[Row] = []
    for row in apart:
        if not _is_estimate(row):
            told.setdefault(identity_of(table, row), []).append(row)
        elif dates.has_value_of(row):
            continue
        elif dates.stand_in_the_month_of(row):
            outranked.append(row)
        else:
            told.setdefault(identity_of(table, row), []).append(row)
    kept = [row for same in told.values() for row in _vintages(table, same)]
    return Together(
        sorted(kept, key=lambda row: (*identity_of(table, row), *_sort_key(row))),
        sorted(outranked, key=lambda row: (*identity_of(table, row), *_sort_key(row))),
    )


def is_ours(row: Row) -> bool:
    """Whether a row was written by `load-cms`, and not by a person."""
    return (
        row.get("published_on_basis", "") in BASES
        and _is_day(row.get("published_on", ""))
        and _OURS.fullmatch(row.get("source", "")) is not None
    )


def conflicts(table: Dated, rows: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Return the pairs of rows that say different things of one thing on one day."""
    first: dict[Identity, Row] = {}
    found = []
    for row in rows:
        key = (*identity_of(table, row), row.get("published_on", ""))
        other = first.setdefault(key, row)
        if other is not row and value_of(table, other) != value_of(table, row):
            found.append((other, row))
    return found


def restatements(table: Dated, rows: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Return each vintage that differs from the one before it, with that one.

    Takes    rows as `put_together` returns them
    """
    return [
        (earlier, later)
        for earlier, later in pairwise(rows)
        if identity_of(table, earlier) == identity_of(table, later)
        and earlier.get("published_on", "") < later.get("published_on", "")
        and value_of(table, earlier) != value_of(table, later)
    ]


@dataclass(frozen=True)
class _KnownDates:
    """The values that have a date, and the months of these dates by quarter and code."""

    table: Dated
    values: set[tuple[Identity, Value]]
    months: set[tuple[Identity, str]]

    def has_value_of(self, row: Row) -> bool:
        """Whether an estimate only repeats what has a date; a whole publication never does."""
        said = (identity_of(self.table, row), value_of(self.table, row))
        return not self.table.is_whole and said in self.values

    def stand_in_the_month_of(self, row: Row) -> bool:
        """Whether a day that is known lies in an estimate's month."""
        group = _group_of(self.table, row)
        return self.table.has_period and (group, row["published_on"][:7]) in self.months


def _known_dates(table: Dated, rows: Iterable[Row]) -> _KnownDates:
    dates = _KnownDates(table, set(), set())
    for row in rows:
        day = row.get("published_on", "")
        if row.get("published_on_basis") != ESTIMATED and _is_day(day):
            dates.values.add((identity_of(table, row), value_of(table, row)))
            dates.months.add((_group_of(table, row), day[:7]))
    return dates


def _group_of(table: Dated, row: Row) -> Identity:
    """What stands in one order of dates: a quarter and code, or a quarter told whole."""
    identity = identity_of(table, row)
    return identity[:1] if table.is_whole else identity


def _is_estimate(row: Row) -> bool:
    return is_ours(row) and row["published_on_basis"] == ESTIMATED


def _vintages(table: Dated, rows: list[Row]) -> Iterator[Row]:
    if len(rows) == 1:
        yield rows[0]
        return
    by_hand = [row for row in rows if not is_ours(row)]
    yield from by_hand
    said = {(row.get("published_on", ""), value_of(table, row)) for row in by_hand}
    seen = [row for row in rows if is_ours(row)]
    seen = [row for row in seen if (row["published_on"], value_of(table, row)) not in said]
    ordered = _once_each(table, seen)
    days = Counter(row["published_on"] for row in ordered)
    run: list[Row] = []
    for row in ordered:
        # A day that says two things stays in sight: neither may hide behind an earlier row.
        is_told_once = days[row["published_on"]] == 1
        goes_on = is_told_once and not table.is_whole
        if run and not (goes_on and value_of(table, run[0]) == value_of(table, row)):
            yield _one_row(run)
            run = []
        run.append(row)
    if run:
        yield _one_row(run)


def _once_each(table: Dated, rows: list[Row]) -> list[Row]:
    """Return the rows in the order they were published, one per day and value.

    The estimates of one value are one row, the earliest: they prove no order among themselves.
    """
    first: dict[tuple[Value, str], Row] = {}
    for row in sorted(rows, key=_sort_key):
        first.setdefault((value_of(table, row), row["published_on"]), row)
    dated = _words(table, [row for row in first.values() if not _is_estimate(row)])
    # Of several estimates the words of the last: what CMS says now.
    estimated = _words(table, [row for row in [*first.values()][::-1] if _is_estimate(row)])
    runs: dict[object, list[Row]] = {}
    for (value, day), row in first.items():
        is_estimate = _is_estimate(row)
        words = estimated[value] if is_estimate else dated[value]
        is_one = is_estimate and not table.is_whole
        runs.setdefault((value, ESTIMATED if is_one else day), []).append({**row, **words})
    return sorted(
        (_one_row(run) for run in runs.values()),
        key=lambda row: (row["published_on"], value_of(table, row)),
    )


def _words(table: Dated, rows: list[Row]) -> dict[Value, dict[str, str]]:
    """Return what is said beside each value, such as its notes, in the words of its first row.

    Takes    the rows in the order they are asked in
    """
    told = {*table.identity, *table.values, "published_on", "published_on_basis", "source"}
    words: dict[Value, dict[str, str]] = {}
    for row in rows:
        beside = {name: cell for name, cell in row.items() if name not in told}
        printed = {name: row.get(name, "") for name in table.values}
        words.setdefault(value_of(table, row), beside | printed)
    return words


def _told_apart(row: Row) -> Iterator[Row]:
    """Yield the row, and one for each time its `source` says the same was published again."""
    if not is_ours(row):
        yield row
        return
    yield {**row, "source": _AGAIN.sub("", row["source"])}
    for found in _AGAIN.finditer(row["source"]):
        yield {
            **row,
            "published_on": found[1],
            "published_on_basis": found[2],
            "source": f"CMS {found[3]}",
        }


def _one_row(run: list[Row]) -> Row:
    again = "".join(
        f"; again {row['published_on']} ({row['published_on_basis']}) in "
        f"{row['source'].removeprefix('CMS ')}"
        for row in run[1:]
    )
    return {**run[0], "source": run[0]["source"] + again}


def _sort_key(row: Row) -> tuple[str, ...]:
    first = (row.get("published_on", ""), row.get("published_on_basis", ""), row.get("source", ""))
    return (*first, *(f"{name}={cell}" for name, cell in sorted(row.items())))


def _is_day(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False
