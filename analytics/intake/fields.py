"""A text taken apart at once: all its elements as one column, and where each segment begins in it.

Separators are found by comparing all bytes of the text; the rest is counting. No segment is looked
at by itself, which is what makes reading fast.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from analytics.intake.vectors import as_numbers, before, count_up, places_of
from analytics.intake.x12 import ELEMENT, END

_ELEMENT, _END = ord(ELEMENT), ord(END)
_MOST_INT32 = (1 << 31) - 1


@dataclass(frozen=True)
class Fields:
    """The fields of a text, ids and elements alike, as sent, null where empty.

    Per segment, empty ones too: its id is field `first`, and `count` fields follow; it lies from
    `starts` to `ends` in the text, its terminator included.
    """

    texts: pl.Series
    first: pl.Series
    count: pl.Series
    starts: pl.Series
    ends: pl.Series


def split_fields(content: bytes) -> Fields:
    """The fields of a canonical text in UTF-8 that ends with a terminator."""
    told = as_numbers(content)
    is_separator = (told == _ELEMENT) | (told == _END)
    places = places_of(is_separator)
    is_last = told.filter(is_separator) == _END
    last, ends = places_of(is_last), places.filter(is_last) + 1
    first, starts = before(last + 1, 0), before(ends, 0)
    texts = _texts(told.filter(~is_separator), places)
    return Fields(texts, first, last - first, starts, ends)


def views(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The length of each text in bytes and its first four bytes as a number, those missing zero.

    Arrow keeps both beside every text (a string view), so that no text is looked at.
    """
    array = texts.to_arrow(compat_level=pl.CompatLevel.newest())
    words = pa.Array.from_buffers(
        pa.uint32(), 4 * len(array), [None, array.buffers()[1]], offset=4 * array.offset
    )
    numbers = pl.Series(words)
    return numbers.gather_every(4), numbers.gather_every(4, 1)


def _texts(values: pl.Series, places: pl.Series) -> pl.Series:
    # Without the separators, a field ends where the next one begins.
    ends = places - count_up(len(places))
    offsets = pl.concat([pl.Series([0], dtype=pl.UInt32), ends]).rechunk()
    is_filled = ends != offsets.slice(0, len(ends))
    kind = pa.string()
    if len(values) > _MOST_INT32:
        kind, offsets = pa.large_string(), offsets.cast(pl.Int64)
    buffers = [each.to_arrow().buffers()[1] for each in (is_filled, offsets, values)]
    array = pa.Array.from_buffers(kind, len(ends), buffers)
    return pl.Series(array.cast(pa.string_view()))
