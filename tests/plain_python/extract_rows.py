"""The rows of every flat extract below raw/, each with what its cells tell."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest

from .csv_table import CsvRow, csv_table
from .extract_cells import BadCellError, is_empty
from .extract_columns import COLUMNS, KEY_COLUMNS, MAY_BE_EMPTY, MODIFIER_COLUMNS
from .extract_mapping import Mapping, columns_of, mappings_in, nearest
from .files import ReceivedFile

# A row is as old as the first of these days it tells (RULES 14.6).
DAY_OF_A_ROW = {
    "claim_lines": ("submitted_date", "service_date"),
    "remit_lines": ("payment_date",),
    "adjustments": (),
    "administrations": (),
}
MOST_MODIFIERS = 4


@dataclass(eq=False)
class ExtractFile:
    """One file of extract rows; its latest day and sha256 say which of two comes first."""

    source_file: str
    sha256: str
    latest_day: date = date.min


@dataclass(eq=False)
class ExtractRow:
    """One row: the file and the byte it stands at, and what it tells, column by column."""

    file: ExtractFile
    offset: int
    told: dict[str, object] = field(default_factory=dict)


def extract_rows(received: list[ReceivedFile]) -> dict[str, list[ExtractRow]]:
    """Return the rows of each kind of extract that are not rejected for themselves."""
    mappings = mappings_in(received)
    found: dict[str, list[ExtractRow]] = defaultdict(list)
    seen: set[str] = set()
    for file in sorted(received, key=lambda each: each.source_file):
        sha256 = hashlib.sha256(file.content).hexdigest()
        if sha256 in seen:
            # The same bytes under another path tell nothing more.
            continue
        kind, rows = _rows_in(file, sha256, nearest(mappings, file.source_file))
        if rows:
            seen.add(sha256)
            found[kind] += rows
    return found


def _rows_in(file: ReceivedFile, sha256: str, mapping: Mapping) -> tuple[str, list[ExtractRow]]:
    """Return the kind of a file and its good rows; none where it is refused."""
    table = csv_table(file.content)
    found = columns_of(table.names, mapping) if table else None
    if found is None or found[0] not in COLUMNS:
        return "", []
    kind, columns = found
    origin = ExtractFile(file.source_file, sha256)
    rows = []
    for row in table.rows:
        try:
            told = _told(row, kind, columns)
        except BadCellError:
            continue
        rows.append(ExtractRow(origin, row.offset, told))
    origin.latest_day = max((_day_of(row, kind) for row in rows), default=date.min)
    return kind, rows


def _told(row: CsvRow, kind: str, columns: list[str | None]) -> dict[str, object]:
    """Return what a row tells, by column.

    Raises   BadCellError where a cell cannot be read, has no column, or a key is missing
    """
    readers = COLUMNS[kind]
    told = {}
    for column, cell in zip_longest(columns, row.cells, fillvalue=""):
        if is_empty(cell):
            continue
        if column == "":
            raise BadCellError
        if column in readers:
            told[column] = readers[column](cell.strip())
    keys = {key for key in KEY_COLUMNS[kind] if (kind, key) not in MAY_BE_EMPTY}
    one_by_one = tuple(told.pop(each) for each in MODIFIER_COLUMNS if each in told)
    modifiers = told.get("modifiers", ()) + one_by_one
    if keys - set(told) or len(modifiers) > MOST_MODIFIERS:
        raise BadCellError
    if modifiers:
        told["modifiers"] = modifiers
    if "service_date" not in told:
        # A through date alone is no date of the line.
        told.pop("service_through_date", None)
    if ("denied_usd" in told) != ("denial_reason" in told) or _stops_before_it_starts(told):
        raise BadCellError
    return told


def _stops_before_it_starts(told: dict[str, object]) -> bool:
    """Return whether an administration ends before it begins; a time alone is on its day."""
    if not {"started_at", "stopped_at"} <= set(told):
        return False
    (first, starts), (last, stops) = told["started_at"], told["stopped_at"]
    own = told["service_date"]
    return (last or own, stops) < (first or own, starts)


def _day_of(row: ExtractRow, kind: str) -> date:
    days = (row.told.get(column) for column in DAY_OF_A_ROW[kind])
    return next((day for day in days if day), date.min)
