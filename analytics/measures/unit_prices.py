"""Unit prices: what a billed unit was allowed at, beside what the contract gives it."""

from collections.abc import Sequence

import polars as pl

from analytics.measures.columns import LINES_LOADER, column_names, require
from analytics.measures.underpayment import is_gap_line

NEEDS = ["gap_usd", "billed_units", "expected_allowed_usd", "allowed_usd"]
# A quotient of decimals keeps the places of what is divided: six, then rounded to four.
FINE = pl.Decimal(38, 6)


def unit_prices_by(lines: pl.LazyFrame, *, by: str | Sequence[str]) -> pl.LazyFrame:
    """Mean contract price and mean allowed price of a billed unit, per group, over gap lines.

    Units mean something within one code alone: name it in `by`, or narrow the lines to it first.
    Where a payer cut units, its allowed price of a *billed* unit is lower, though its price may be
    right; `underpayment_causes_by` tells the two apart.

    Takes    one row per drug line, payer and rank, with every column named in `by`
    Returns  one row per group with gap lines, sorted by `by`: the `by` columns, `lines`,
             `billed_units`, `contract_price`, `allowed_price` (USD a unit, four decimals; null
             where no unit was billed)
    Raises   MissingColumns, naming the columns and the loader
    Source   drug_line_outcomes

    >>> from decimal import Decimal
    >>> line = {
    ...     "hcpcs": "J1324",
    ...     "billed_units": Decimal("40.000"),
    ...     "expected_allowed_usd": Decimal("6000.00"),
    ...     "allowed_usd": Decimal("5940.00"),
    ...     "gap_usd": Decimal("60.00"),
    ... }
    >>> prices = unit_prices_by(pl.LazyFrame([line]), by="hcpcs").collect()
    >>> prices.select("contract_price", "allowed_price").row(0)
    (Decimal('150.0000'), Decimal('148.5000'))
    """
    groups = column_names(by)
    require(lines, [*NEEDS, *groups], load_with=LINES_LOADER)
    return (
        lines.filter(is_gap_line & (pl.col("billed_units") > 0))
        .group_by(groups)
        .agg(
            pl.len().alias("lines"),
            pl.col("billed_units").sum(),
            contract_price=_over_units(pl.col("expected_allowed_usd").sum()),
            allowed_price=_over_units(pl.col("allowed_usd").sum()),
        )
        .sort(groups)
    )


def _over_units(dollars: pl.Expr) -> pl.Expr:
    return (dollars.cast(FINE) / pl.col("billed_units").sum()).cast(pl.Decimal(38, 4))
