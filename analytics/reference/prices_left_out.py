"""Which list prices go with one that is left out, because a line would fall back on them.

A line takes the price of its NDC, else of its code, else of the code its drug has at CMS. Where one
of these is left out the next would answer in its place, at another price. So prices by code go with
a price left out that is of the same kind and of the same drug, as far as that can be told.
"""

from collections.abc import Sequence

import polars as pl

from analytics.reference.codes import Codes
from analytics.reference.problems import Problem, fallback_left_out
from analytics.reference.rows import OverlongRow

FILE = "reference/list_prices.csv"
KINDS = ("awp", "wac", "acquisition")


def prices_in_doubt(
    left_out: pl.DataFrame, overlong: Sequence[OverlongRow], kept: pl.DataFrame, codes: Codes
) -> tuple[Problem, ...]:
    """Return a problem per price by code that would stand in for one left out.

    Takes    the rows left out as tidied, those whose cells are out of place, and those in use
    """
    by_code = kept.filter(pl.col("ndc11").is_null()).select("row_number", "hcpcs", "price_kind")
    rows = [
        (row["row_number"], [row["hcpcs"], row["ndc11"]], row["price_kind"])
        for row in left_out.to_dicts()
    ]
    rows += [(row.row_number, list(row.cells), _kind_in(row.cells)) for row in overlong]
    found: dict[int, Problem] = {}
    for with_row, named, kind in sorted(rows, key=lambda row: row[0]):
        may_be = _codes_of_its_drug([name.upper() for name in named if name], codes)
        for number, hcpcs, of_kind in by_code.rows():
            is_of_kind = kind not in KINDS or of_kind == kind
            if is_of_kind and (not may_be or hcpcs in may_be):
                found.setdefault(number, fallback_left_out(FILE, number, with_row, FILE))
    return tuple(found.values())


def _codes_of_its_drug(named: Sequence[str], codes: Codes) -> set[str]:
    """Return every code of the drugs these codes and NDCs are, and the codes; empty: any code."""
    drugs = {drug for name in named for drug in codes.drugs_of(name)}
    return {code for drug in drugs for code in codes.of_drug[drug]} | (codes.known & {*named})


def _kind_in(cells: Sequence[str]) -> str | None:
    kinds = [cell.lower() for cell in cells if cell.lower() in KINDS]
    return kinds[0] if len(kinds) == 1 else None
