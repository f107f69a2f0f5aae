"""Causes: why a payer's allowed amount is not the contract's, in dollars that sum to the gaps."""

from collections.abc import Sequence

import polars as pl

from analytics.measures.columns import CAUSES_LOADER, column_names, require
from analytics.measures.rates import ratio

CAUSE = "cause"
# In the order they are looked for (metrics 5): the first that explains a dollar has it.
LADDER = (
    "units_reduced",
    "recoded",
    "other_quarter_price",
    "superseded_term",
    "rounding",
    "rate_difference",
    "unexplained",
)
LINE = ["claim_id", "line_number", "payer_id", "payer_rank"]
DOLLARS = ["shortfall_usd", "overpaid_usd"]


def underpayment_causes_by(causes: pl.LazyFrame, *, by: str | Sequence[str]) -> pl.LazyFrame:
    """Dollars short and dollars over, per group and cause; over the causes they sum to the gaps.

    A line's dollars all stand on its own side: a short line in `shortfall_usd`, an overpaid one in
    `overpaid_usd`, never netted. A cause that works against its line's side (units cut, yet a price
    above contract) is negative there, so that the line still adds up.

    Takes    one row per line and cause, with every column named in `by`
    Returns  one row per group and `cause`, sorted by the `by` columns, then in the order the causes
             are looked for: the `by` columns, `cause`, `lines` (with that cause), `shortfall_usd`,
             `overpaid_usd` (USD) and `shortfall_share` (of the group's shortfall, 0 to 1, null when
             nothing is short)
    Raises   MissingColumns, naming the columns and the loader
    Source   underpayment_causes

    >>> from decimal import Decimal
    >>> line = {"claim_id": "C34", "line_number": 1, "payer_id": "birch", "payer_rank": "primary"}
    >>> causes = [
    ...     line | {"cause": cause, "shortfall_usd": Decimal(usd), "overpaid_usd": Decimal("0.00")}
    ...     for cause, usd in {"superseded_term": "2.20", "units_reduced": "7.43"}.items()
    ... ]
    >>> table = underpayment_causes_by(pl.LazyFrame(causes), by="payer_id").collect()
    >>> table.select("cause", "lines", "shortfall_usd").rows()
    [('units_reduced', 1, Decimal('7.43')), ('superseded_term', 1, Decimal('2.20'))]
    """
    groups = [column for column in column_names(by) if column != CAUSE]
    require(causes, [*LINE, CAUSE, *DOLLARS, *groups], load_with=CAUSES_LOADER)
    of_the_group = pl.col("shortfall_usd").sum()
    place = pl.col(CAUSE).replace_strict(
        LADDER, range(len(LADDER)), default=len(LADDER), return_dtype=pl.Int64
    )
    return (
        causes.group_by([*groups, CAUSE])
        .agg(pl.struct(LINE).n_unique().alias("lines"), pl.col(DOLLARS).sum())
        .with_columns(group_usd=of_the_group.over(groups) if groups else of_the_group)
        .with_columns(shortfall_share=ratio("shortfall_usd", "group_usd"))
        .sort([*groups, place])
        .select(*groups, CAUSE, "lines", *DOLLARS, "shortfall_share")
    )
