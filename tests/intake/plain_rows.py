"""The rows a plain reading finds, table by table, and what of them could not be read."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal

from tests.intake.plain_x12 import Segment

REJECTS = "raw_x12__rejects"
Row = dict[str, object]
_NUMBER = re.compile(r"[+-]?(?=\.?[0-9])0*([0-9]*)\.?([0-9]*)")
_DAY = re.compile(r"[0-9]{8}")


class Book:
    """The rows of every table of one file, in file order."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = defaultdict(list)
        self.transaction_number: int | None = None

    def add(self, table: str, offset: int, **columns: object) -> Row:
        """A new row of a table; columns it has not got yet may be set later."""
        row = {"transaction_number": self.transaction_number, **columns, "source_offset": offset}
        self.tables[table].append(row)
        return row

    def reject(self, piece: str, segment_id: str | None, segments: int, offset: int) -> None:
        """A piece that is not used."""
        told = {"piece": piece, "segment_id": segment_id, "segments": segments}
        self.add(REJECTS, offset, **told)

    def number(self, segment: Segment, text: str | None) -> Decimal | None:
        """A decimal number of at most 14 digits before the point; four decimals are kept.

        One that is none, or that has more of either, is told.
        """
        if text is None:
            return None
        found = _NUMBER.fullmatch(text)
        if found is None or len(found[1]) > 14:
            self.reject("element", segment.id, 0, segment.offset)
            return None
        whole, decimals = found[1] or "0", found[2]
        if decimals[4:].strip("0"):
            self.reject("element", segment.id, 0, segment.offset)
        kept = Decimal(f"{whole}.{decimals[:4] or '0'}")
        return -kept if text.startswith("-") else kept

    def day(self, segment: Segment, text: str | None) -> date | None:
        """A day from eight digits; one that is none is told."""
        if text is None:
            return None
        day = day_of(text)
        if day is None:
            self.reject("element", segment.id, 0, segment.offset)
        return day


def day_of(text: str | None) -> date | None:
    """A day from eight digits (CCYYMMDD); None where there is no such day."""
    if text is None or not _DAY.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
