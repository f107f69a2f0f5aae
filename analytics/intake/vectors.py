"""Columns of numbers handled directly.

A text needs hundreds of small steps, and polars asks more for planning a query than most of them
take; what is here, and operators, filters and `column[places]`, plans nothing.
"""

from __future__ import annotations

from functools import cache

import polars as pl

_MOST_KEPT = 3 << 20


def count_up(length: int) -> pl.Series:
    """0, 1, 2, ..."""
    if length > _MOST_KEPT:
        return pl.int_range(length, dtype=pl.UInt32, eager=True)
    return _counted().slice(0, length)


@cache
def _counted() -> pl.Series:
    # It is asked for with every text, and filling memory anew takes most of the time.
    return pl.int_range(_MOST_KEPT, dtype=pl.UInt32, eager=True)


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


def any_of(column: pl.Series, values: list[int] | bytes) -> pl.Series:
    """Which rows hold one of a few numbers."""
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
    texts = [column for column in rows.get_columns() if column.dtype == pl.String]
    oldest = pl.CompatLevel.oldest()
    return rows.with_columns(
        pl.Series(text.name, text.to_arrow(compat_level=oldest)) for text in texts
    )
