"""Segments with the loops they stand in: one row per opening or closing segment tells the others.

What opens or ends a loop is a small part of a text; its loops are worked out on those segments
alone, and any other segment has the loops of the last of them before it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from analytics.intake.elements import Numbers, with_elements
from analytics.intake.segments import Segments, has_id
from analytics.intake.vectors import at


@dataclass(frozen=True)
class Loops:
    """The wanted segments of a text and, per opening or closing segment, the loops in force.

    `rows` are those of the opening and closing segments, `table` their loops in the same order, and
    `last` says for every segment of the text which of them was the last.
    """

    segments: Segments
    wanted: pl.Series
    table: pl.DataFrame
    last: pl.Series

    def where(self, holds: pl.Series) -> Loops:
        """The segments in whose loops something holds, which is said for each row of `table`."""
        return replace(self, wanted=self.wanted & holds[self.last])

    def of(self, *ids: str) -> pl.DataFrame:
        """The segments of these ids: the columns of `table` and of `Segments.of`."""
        is_one = has_id(self.segments.id, ids) & self.wanted
        return at(self.table, self.last.filter(is_one)).hstack(self.segments.of(is_one))

    def read(self, *ids: str, texts: Numbers = (), codes: Numbers = ()) -> pl.DataFrame:
        """The segments of these ids: the columns of `table`, `id`, `source_offset`, `e1` ..."""
        return with_elements(self.segments, self.of(*ids), texts=texts, codes=codes)
