"""Everything published about one thing, as few rows as tell it: the same whatever came first.

Rows of one identity (a quarter and a code) are put in the order they were published in. Rows that
agree in their values are one row, the earliest; a value that differs is a row of its own, and one
that comes back after another is a row again. So that this does not depend on which file was loaded
first, a row says in its `source` where the same was published again:

    CMS jan_121924.csv; again 2025-03-07 (file_name) in jan_030725.csv

An estimated date proves no order: an estimate that only repeats what was published by then is not
kept. Rows a person wrote are never touched. Crosswalks are told whole, see `Dated`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import compress, pairwise

from analytics.cms.published import BASES, ESTIMATED

Row = Mapping[str, str]
Identity = tuple[str, ...]
Value = tuple[str, ...]

_AGAIN = re.compile(r"; again (\d{4}-\d\d-\d\d) \((file_name|notes)\) in ([^;]+)")
_OURS = re.compile(rf"CMS [^;]+\.\w{{2,5}}({_AGAIN.pattern})*")


@dataclass(frozen=True)
class Dated:
    """A reference file with vintages: what a row is about, and the values that can be restated.

    Of one that `is_whole` each publication stands whole: which codes an NDC belongs to is what the
    latest one lists, so a row that stays the same is told again.
    """

    name: str
    identity: tuple[str, ...]
    values: tuple[str, ...]
    is_whole: bool = False


TABLES = {
    table.name: table
    for table in (
        Dated(
            "payment_limits",
            ("effective_quarter", "hcpcs"),
            ("payment_limit", "coinsurance_pct"),
        ),
        Dated(
            "ndc_crosswalk",
            ("effective_quarter", "ndc11", "hcpcs"),
            ("package_size", "package_quantity", "bill_units", "bill_units_per_package"),
            is_whole=True,
        ),
        Dated("noc_prices", ("effective_quarter", "drug_name", "dosage"), ("payment_limit",)),
        Dated(
            "noc_packages",
            ("effective_quarter", "ndc11", "drug_name", "dosage"),
            ("package_size", "package_quantity", "bill_units", "bill_units_per_package"),
            is_whole=True,
        ),
        Dated(
            "hcpcs_codes",
            ("hcpcs",),
            (
                "long_descriptor",
                "short_descriptor",
                "coverage",
                "added_on",
                "action",
                "action_on",
                "terminated_on",
            ),
        ),
        Dated(
            "opps_status",
            ("effective_from", "hcpcs"),
            (
                "status_indicator",
                "apc",
                "payment_rate",
                "national_copayment",
                "minimum_copayment",
                "coinsurance_pct",
                "adjusted_copayment",
            ),
        ),
    )
}


def put_together(table: Dated, rows: Iterable[Row], *, known: Iterable[Row] = ()) -> list[Row]:
    """Return the rows of a reference file, the vintages of each identity in their order.

    Takes    the rows that stand there and those of new files, in any order; and what is known
             besides, such as the shipped rows: it is not returned, and no estimate repeats it
    """
    told: dict[Identity, list[Row]] = {}
    for row in rows:
        told.setdefault(identity_of(table, row), []).append(row)
    first_dated = _first_dated(table, known)
    kept = [
        row
        for identity, same in told.items()
        for row in _vintages(table, same, first_dated.get(identity, {}))
    ]
    return sorted(kept, key=lambda row: (*identity_of(table, row), *_sort_key(row)))


def identity_of(table: Dated, row: Row) -> Identity:
    """Return what a row is about."""
    return tuple(row.get(name, "") for name in table.identity)


def value_of(table: Dated, row: Row) -> Value:
    """Return what a row says of it; amounts that differ only in trailing zeros are the same."""
    return tuple(_canonical(row.get(name, "")) for name in table.values)


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


def _first_dated(table: Dated, rows: Iterable[Row]) -> dict[Identity, dict[Value, str]]:
    """Return, by identity and value, the first day a value was published on that is no estimate."""
    first: dict[Identity, dict[Value, str]] = {}
    for row in rows:
        if row.get("published_on_basis") != ESTIMATED and _is_day(row.get("published_on", "")):
            days = first.setdefault(identity_of(table, row), {})
            value = value_of(table, row)
            days[value] = min(row["published_on"], days.get(value, row["published_on"]))
    return first


def _vintages(table: Dated, rows: list[Row], known: Mapping[Value, str]) -> Iterator[Row]:
    if len(rows) == 1 and not known:
        yield rows[0]
        return
    by_hand = [row for row in rows if not is_ours(row)]
    yield from by_hand
    said = {(row.get("published_on", ""), value_of(table, row)) for row in by_hand}
    seen = [each for row in rows if is_ours(row) for each in _told_apart(row)]
    seen = [row for row in seen if (row["published_on"], value_of(table, row)) not in said]
    ordered = _once_each(table, seen, known)
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


def _once_each(table: Dated, rows: list[Row], known: Mapping[Value, str]) -> list[Row]:
    """Return the rows in the order they were published, one per day and value.

    Of the estimates of one value only the earliest stays, and only where nothing that is dated
    says the same by then.
    """
    first: dict[object, Row] = {}
    ordered = sorted(rows, key=lambda row: (value_of(table, row), *_sort_key(row)))
    is_estimate = [row["published_on_basis"] == ESTIMATED for row in ordered]
    days = dict(known)
    for row in compress(ordered, (not estimate for estimate in is_estimate)):
        value, day = value_of(table, row), row["published_on"]
        days[value] = min(day, days.get(value, day))
        first.setdefault((value, day), row)
    for row in compress(ordered, is_estimate):
        value, day = value_of(table, row), row["published_on"]
        if table.is_whole:
            first.setdefault((value, day), row)
        elif value not in days or day < days[value]:
            first.setdefault((value, ESTIMATED), row)
    words = _words(table, list(first.values()))
    return sorted(
        ({**row, **words[value_of(table, row)]} for row in first.values()),
        key=lambda row: (row["published_on"], value_of(table, row)),
    )


def _words(table: Dated, rows: list[Row]) -> dict[Value, dict[str, str]]:
    """Return what is said beside each value, such as its notes: in the words of its first row."""
    told = {*table.identity, *table.values, "published_on", "published_on_basis", "source"}
    words: dict[Value, dict[str, str]] = {}
    for row in sorted(rows, key=_sort_key):
        beside = {name: cell for name, cell in row.items() if name not in told}
        printed = {name: row.get(name, "") for name in table.values}
        words.setdefault(value_of(table, row), beside | printed)
    return words


def _told_apart(row: Row) -> Iterator[Row]:
    """Yield the row, and one for each time its `source` says the same was published again."""
    again = list(_AGAIN.finditer(row["source"]))
    yield {**row, "source": _AGAIN.sub("", row["source"])}
    for found in again:
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


@cache
def _canonical(cell: str) -> str:
    try:
        return format(Decimal(cell).normalize(), "f")
    except InvalidOperation:
        return cell


def _is_day(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False
