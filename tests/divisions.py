"""A division of a model run on drawn rows: what its tests share."""

import random
from collections.abc import Iterable, Mapping, Sequence

import polars as pl
from model_slices import Types, insert_scaled, rows_scaled, slice_of, type_of
from two_engines import Asked

from analytics.warehouse.engine import open_engine

DIVISIONS = 200_000
# A double tells whole numbers apart to 2 ** 53: the quotients of a site lie far below.
LARGEST_QUOTIENT = 10**15


def run_part(
    asked: Asked,
    model: str,
    types: Types,
    given: Mapping[str, tuple[Sequence[str], pl.DataFrame]],
    wanted: Sequence[str],
    last: str,
) -> list[tuple]:
    """The rows a part of a model makes, in order of the first columns wanted, decimals scaled up.

    Takes    asked, the engine that makes them; given, per table or CTE the columns it must have (a
             table has all of its own) and rows in whole numbers
    """
    query = slice_of(model, given=given, wanted=wanted, last=last)
    with open_engine() as con:
        for table, (columns, rows) in given.items():
            names = (*types.get(table, columns), *rows.columns)
            kinds = {name: type_of(types, model, name) for name in names}
            insert_scaled(con, table, rows, kinds)
        return rows_scaled(con, asked(con, given, query), wanted)


def frame(rows: Iterable[tuple], *columns: str, **constants: object) -> pl.DataFrame:
    """Numbered rows of whole numbers, with what is the same on each."""
    return (
        pl.DataFrame(list(rows), schema=dict.fromkeys(columns, pl.Int64), orient="row")
        .with_row_index("line_number", offset=1)
        .with_columns(pl.lit(value).alias(name) for name, value in constants.items())
    )


def differing(found: Sequence[tuple], expected: Sequence[tuple], rows: Sequence[tuple]) -> list:
    """The first rows on which the model and the exact quotient part."""
    assert len(found) == len(expected)
    return [
        (row, one, other)
        for row, one, other in zip(rows, found, expected, strict=True)
        if one != other
    ][:5]


def power(chance: random.Random, digits: int) -> int:
    """A number of any size up to so many digits, small ones as likely as large."""
    return chance.randrange(1, 10 ** chance.randrange(1, digits + 1))
