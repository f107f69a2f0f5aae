"""One text of files: its parts made canonical and joined, and every table its segments become.

A text knows nothing of the files before it, so texts are read side by side; whose their rows are is
told by `parse`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import polars as pl

from analytics.intake.claims_837 import read_claims
from analytics.intake.elements import REJECT, unattached
from analytics.intake.parts import Part
from analytics.intake.raw_tables import RAW_TABLES, REJECTS
from analytics.intake.reasons import UNKNOWN_REASON
from analytics.intake.remits_835 import read_remits
from analytics.intake.segments import (
    Piece,
    Segments,
    is_cut_off,
    is_known,
    join_pieces,
    read_segments,
)
from analytics.intake.spine import CLAIMS, REMITS, read_spine
from analytics.intake.vectors import compact, repeated
from analytics.intake.x12 import canonical

Tables = dict[str, pl.DataFrame]


@dataclass
class Text:
    """Parts of files that are parsed in one pass, each with the number of its file."""

    parts: deque[tuple[int, Part]] = field(default_factory=deque)
    size: int = 0


@dataclass(frozen=True)
class ParsedText:
    """What a text says by itself, without knowing the files before it."""

    spine: pl.DataFrame
    tables: Tables


def parse_text(site_key: bytes, text: Text) -> ParsedText:
    """The spine of a text, its tables, and under `REJECTS` what of it could not be read."""
    segments, spine = _read_text(text)
    types = spine.filter(pl.col("kind") == "transaction")["st_type"]
    tables, rejects = {}, [_unknown_segments(segments, types)]
    for transaction_type, parse in ((REMITS, read_remits), (CLAIMS, read_claims)):
        is_wanted = (types == transaction_type).fill_null(False)
        if is_wanted.any():
            wanted = pl.concat([repeated(False, 1, pl.Boolean), is_wanted])[segments.tx]
            found, lost = parse(segments, wanted, site_key)
            tables |= found
            rejects.append(lost)
    tables[REJECTS] = pl.concat(rejects)
    return ParsedText(spine, tables)


def _read_text(text: Text) -> tuple[Segments, pl.DataFrame]:
    pieces, contents = [], []
    while text.parts:
        # Two texts as sent and as read are a good part of all memory.
        number, part = text.parts.popleft()
        content = canonical(part.content, part.delimiters)
        pieces.append(Piece(number, part.start, is_cut_off(content)))
        contents.append(content)
    segments, wording = read_segments(join_pieces(contents), pieces)
    return segments, compact(read_spine(segments, wording, pieces))


def _unknown_segments(segments: Segments, types: pl.Series) -> pl.DataFrame:
    """A reject row for each segment in a remit or claims transaction whose id X12 does not have."""
    is_read = types.is_in([REMITS, CLAIMS]).fill_null(False)
    is_inside = pl.concat([repeated(False, 1, pl.Boolean), is_read])[segments.tx]
    is_unknown = is_inside & ~is_known(segments.id)
    if not is_unknown.any():
        return REJECT.to_frame()
    rows = segments.of(is_unknown).with_columns(tx=segments.tx.filter(is_unknown))
    return unattached(rows, UNKNOWN_REASON)


def finished(name: str, rows: pl.DataFrame, *kept: pl.DataType) -> pl.DataFrame:
    """Rows in the columns and types of their table, but for columns of the types `kept`."""
    kinds = RAW_TABLES[name].items()
    columns = ((rows[column], kind) for column, kind in kinds)
    return pl.DataFrame(
        [
            found if found.dtype == kind or found.dtype in kept else found.cast(kind)
            for found, kind in columns
        ]
    )
