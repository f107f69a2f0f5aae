"""A text taken apart at once: all its elements as one column, and where each segment begins in it.

Separators are found by comparing all bytes of the text; the rest is counting. No segment is looked
at by itself, which is what makes reading fast.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from analytics.intake.vectors import before, count_up
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
    lengths: pl.Series
    first: pl.Series
    count: pl.Series
    starts: pl.Series
    ends: pl.Series


def split_fields(content: bytes) -> Fields:
    """The fields of a canonical text in UTF-8 that ends with a terminator."""
    told = as_numbers(content)
    is_separator = (told == _ELEMENT) | (told == _END)
    places = count_up(len(told)).filter(is_separator)
    nth = count_up(len(places))
    is_last = told.filter(is_separator) == _END
    last, ends = nth.filter(is_last), places.filter(is_last) + 1
    first, starts = before(last + 1, 0), before(ends, 0)
    # Without the separators, a field ends where the next one begins.
    edges = places - nth
    lengths = edges - before(edges, 0)
    texts = _texts(told.filter(~is_separator), edges, lengths)
    return Fields(texts, lengths, first, last - first, starts, ends)


def as_numbers(content: bytes) -> pl.Series:
    """The bytes of a text as numbers; nothing is copied."""
    return pl.Series(pa.Array.from_buffers(pa.uint8(), len(content), [None, pa.py_buffer(content)]))


def as_bytes(numbers: pl.Series) -> bytes:
    """Numbers of one byte as bytes."""
    array = numbers.rechunk().to_arrow()
    return array.buffers()[1].slice(array.offset, len(array)).to_pybytes()


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


def _texts(values: pl.Series, edges: pl.Series, lengths: pl.Series) -> pl.Series:
    offsets = pl.concat([pl.Series([0], dtype=pl.UInt32), edges]).rechunk()
    kind = pa.string()
    if len(values) > _MOST_INT32:
        kind, offsets = pa.large_string(), offsets.cast(pl.Int64)
    buffers = [each.to_arrow().buffers()[1] for each in (lengths > 0, offsets, values)]
    array = pa.Array.from_buffers(kind, len(lengths), buffers)
    return pl.Series(array.cast(pa.string_view()))
