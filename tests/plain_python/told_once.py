"""What several rows tell together: copies of one row, rows of one sending, answer or remit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date

from .extract_rows import ExtractFile, ExtractRow

WHEN = "extracted_on"
# Spellings without case and blanks are one (RULES 14.2, 14.4).
SPELT_FREELY = ("payer_code", "payer_name")


@dataclass(eq=False)
class ToldRow:
    """One row with what its copies tell, and the copies that are this row."""

    told: dict[str, object]
    copies: list[ExtractRow]


@dataclass(eq=False)
class ToldTransaction:
    """One sending or one remit of extract rows, as a transaction that has no SE to have."""

    source_file: str
    first_offset: int
    day: date
    st_control: str
    number: int = 0
    has_se: bool | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """Return what orders transactions of one day (RULES 14.5)."""
        return (self.day.strftime("%Y%m%d"), "", "", self.st_control, "")


def told_once(rows: Iterable[ExtractRow], key: Callable[[ExtractRow], Hashable]) -> list[ToldRow]:
    """Return each row once, with each column from whichever copy tells it (RULES 14.1).

    Copies that differ are one row where the latest to be extracted agree; else they are none.
    """
    by_key: dict[Hashable, list[ExtractRow]] = defaultdict(list)
    for row in rows:
        by_key[key(row)].append(row)
    found = []
    for copies in by_key.values():
        latest = max(map(_extracted_on, copies))
        for standing in (copies, [row for row in copies if _extracted_on(row) == latest]):
            told = _told_alike(standing)
            if told is not None:
                found.append(ToldRow(told, standing))
                break
    return found


def grouped(rows: Iterable[ToldRow], key: Callable[[dict], Hashable]) -> list[list[ToldRow]]:
    """Return the rows of each key together."""
    groups: dict[Hashable, list[ToldRow]] = defaultdict(list)
    for row in rows:
        groups[key(row.told)].append(row)
    return list(groups.values())


def told_between(rows: list[ToldRow], columns: Iterable[str]) -> dict[str, object] | None:
    """Return what rows tell of what they share, None where two tell it differently."""
    told = {}
    for column in columns:
        values = values_of(rows, column)
        if len({_alike(column, value) for value in values}) > 1:
            return None
        if values:
            told[column] = min(values)
    return told


def values_of(rows: list[ToldRow], column: str) -> set:
    """Return every value rows tell of a column."""
    return {row.told[column] for row in rows if column in row.told}


def payer_of(told: dict[str, object]) -> str:
    """Return a payer's code, else its name, upper case without blanks (RULES 14.2)."""
    return squeezed(str(told.get("payer_code") or told.get("payer_name") or ""))


def squeezed(text: str) -> str:
    """Return a text upper case without blanks."""
    return "".join(text.upper().split())


def home_of(rows: list[ToldRow]) -> ExtractFile:
    """Return the file most rows of a transaction stand in (RULES 14.6)."""
    held = Counter(file for row in rows for file in {copy.file for copy in row.copies})
    return min(held, key=lambda file: (-held[file], file.latest_day, file.sha256))


def offset_in(file: ExtractFile, *nearer_first: list[ToldRow]) -> int:
    """Return the first byte in a file of these rows, else of those they belong to."""
    for rows in nearer_first:
        offsets = [copy.offset for row in rows for copy in row.copies if copy.file is file]
        if offsets:
            return min(offsets)
    raise AssertionError("a transaction without a row in its own file")


def number_in_files(transactions: list[ToldTransaction]) -> None:
    """Number the transactions of each file by the place of their first row in it."""
    counted: Counter = Counter()
    for each in sorted(transactions, key=lambda each: each.first_offset):
        counted[each.source_file] += 1
        each.number = counted[each.source_file]


def _extracted_on(row: ExtractRow) -> date:
    return row.told.get(WHEN, date.min)


def _told_alike(copies: list[ExtractRow]) -> dict[str, object] | None:
    told: dict[str, object] = {}
    for row in copies:
        for column, value in row.told.items():
            if column == WHEN:
                continue
            if _alike(column, told.setdefault(column, value)) != _alike(column, value):
                return None
            if column in SPELT_FREELY:
                told[column] = min(told[column], value)
    return told


def _alike(column: str, value: object) -> object:
    return squeezed(str(value)) if column in SPELT_FREELY else value
