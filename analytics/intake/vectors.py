"""Columns of numbers handled directly.

A text needs hundreds of small steps, and polars asks more for planning a query than most of them
take; what is here, and operators, filters and `column[places]`, plans nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import polars as pl
import pyarrow as pa

_BLOCK = 1 << 18
_MOST_KEPT = 1 << 21
_LARGE = 1 << 16


def as_numbers(content: bytes) -> pl.Series:
    """The bytes of a text as numbers; nothing is copied."""
    return pl.Series(pa.Array.from_buffers(pa.uint8(), len(content), [None, pa.py_buffer(content)]))


def as_bytes(numbers: pl.Series) -> bytes:
    """Numbers of one byte as bytes."""
    array = numbers.rechunk().to_arrow()
    return array.buffers()[1].slice(array.offset, len(array)).to_pybytes()


def translated(content: bytes, table: bytes) -> bytes:
    """What `bytes.translate` returns, sooner where a large text holds few bytes that change."""
    if len(content) < _LARGE:
        return content.translate(table)
    told = becomes = as_numbers(content)
    for byte, put in enumerate(table):
        if byte != put and bytes([byte]) in content:
            becomes = becomes.set(told == byte, put)
    return as_bytes(becomes)


def count_up(length: int) -> pl.Series:
    """0, 1, 2, ..."""
    if length > _MOST_KEPT:
        return pl.int_range(length, dtype=pl.UInt32, eager=True)
    return _counted().slice(0, length)


@cache
def _counted() -> pl.Series:
    # It is asked for with every text, and filling memory anew takes most of the time.
    return pl.int_range(_MOST_KEPT, dtype=pl.UInt32, eager=True)


def places_of(holds: pl.Series) -> pl.Series:
    """The rows for which a column holds, as numbers."""
    # A block at a time, so that the numbers to choose from stay near the processor.
    blocks = [
        count_up(len(block)).filter(block) + start
        for start in range(0, len(holds), _BLOCK)
        for block in (holds.slice(start, _BLOCK),)
    ]
    return pl.concat(blocks or [count_up(0)]).rechunk()


def each_times(times: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Rows, each as often as is told for it, and how often it came before."""
    is_any, ends = times > 0, times.cum_sum()
    starts = before(ends, 0).filter(is_any)
    total = ends.max() or 0
    nth = repeated(0, total, pl.UInt32).scatter(starts, 1).cum_sum() - 1
    return places_of(is_any)[nth], count_up(total) - starts[nth]


def repeated(value: object, length: int, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    """The same value again and again, or null."""
    return pl.Series([value], dtype=dtype).new_from_index(0, length)


def before(column: pl.Series, first: object) -> pl.Series:
    """The column one row later: per row what stood in the row before, in the first `first`."""
    one = pl.Series([first], dtype=column.dtype)
    return pl.concat([one, column]).slice(0, len(column)).rechunk()


def starts_run(column: pl.Series) -> pl.Series:
    """Whether a value is another than that of the row before; so is the first."""
    is_other = column.slice(1) != column.slice(0, max(len(column) - 1, 0))
    return pl.concat([repeated(True, min(len(column), 1), pl.Boolean), is_other]).rechunk()


def last_of(holds: pl.Series) -> pl.Series:
    """Per row which of the rows for which a column holds was the last, counted from 0.

    Before the first of them it is the first.
    """
    last = holds.cum_sum()
    return last.set(last == 0, 1) - 1


def latest(holds: pl.Series) -> pl.Series:
    """Per row the last row so far for which a column holds, counted from 1; 0 before the first."""
    return (count_up(len(holds)) + 1).set(~holds, 0).cum_max()


def any_of(column: pl.Series, values: Sequence[int] | Sequence[str]) -> pl.Series:
    """Which rows hold one of a few values."""
    found = column == values[0]
    for value in values[1:]:
        found |= column == value
    return found


def filtered(rows: pl.DataFrame, is_wanted: pl.Series) -> pl.DataFrame:
    """The rows for which a column holds."""
    return pl.DataFrame([column.filter(is_wanted) for column in rows.get_columns()])


def at(rows: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
    """The rows at places, null where the place is null."""
    return pl.DataFrame([column[places] for column in rows.get_columns()])


def without(rows: pl.DataFrame, *names: str) -> pl.DataFrame:
    """The rows without some columns."""
    return pl.DataFrame([column for column in rows.get_columns() if column.name not in names])


def at_keys(keys: pl.Series, own: pl.Series) -> pl.Series | None:
    """Where each key stands in `own`, null where it does not; None where both are the same.

    Takes    keys that count from 0, once each in `own`
    """
    keys, own = keys.cast(pl.UInt32), own.cast(pl.UInt32)
    if len(own) == len(keys) and (own == keys).all():
        return None
    most = max(keys.max() or 0, own.max() or 0)
    places = repeated(None, most + 1, pl.UInt32).scatter(own, count_up(len(own)))
    return places[keys]


def compact(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows with text of their own.

    A few texts taken out of many keep all of them in memory, which is most of a file.
    """
    oldest = pl.CompatLevel.oldest()
    return pl.DataFrame(
        pl.Series(column.name, column.to_arrow(compat_level=oldest))
        if column.dtype == pl.String
        else column
        for column in rows.get_columns()
    )
