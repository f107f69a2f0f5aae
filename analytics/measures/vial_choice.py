"""Vial choice: drug opened beyond the least-waste set of vials, a pharmacy's cost and no debt."""

from collections.abc import Sequence

import polars as pl

from analytics.measures.columns import LEDGER_LOADER, column_names, require
from analytics.measures.waste import TIER

VIALS_KNOWN = ["A", "B"]
NEEDS = [TIER, "actual_vial_mg", "least_waste_mg", "avoidable_units", "avoidable_cost_usd"]


def vial_choice_by(ledger: pl.LazyFrame, *, by: str | Sequence[str]) -> pl.LazyFrame:
    """What was opened against the least-waste set of vials, per group and tier of evidence.

    Only treatments whose vials are known: from the administration record (A) or the NDC quantity
    (B). Tiers answer different questions and are never added. `avoidable_cost_usd` is what the
    drug cost the practice (acquisition prices of `list_prices.csv`), not what a payer owes;
    treatments with avoidable units and no such price are counted beside it. Units and milligrams
    mean something within one drug alone.

    Takes    one row per patient, provider, service date and drug, with every column named in `by`
    Returns  one row per group and `vial_evidence`, sorted by both: the `by` columns,
             `vial_evidence`, `treatments`, `avoidable_treatments` (those that opened a unit or more
             too much), `actual_vial_mg`, `least_waste_mg`, `avoidable_units`, `avoidable_cost_usd`
             (USD), `uncosted_treatments` (avoidable units, no acquisition price)
    Raises   MissingColumns, naming the columns and the loader
    Source   waste_ledger

    >>> from decimal import Decimal
    >>> treatment = {
    ...     "drug": "infliximab",
    ...     "vial_evidence": "B",
    ...     "actual_vial_mg": Decimal(400),
    ...     "least_waste_mg": Decimal(300),
    ...     "avoidable_units": Decimal(10),
    ...     "avoidable_cost_usd": Decimal("210.00"),
    ... }
    >>> choice = vial_choice_by(pl.LazyFrame([treatment]), by="drug").collect()
    >>> choice.select("treatments", "avoidable_units", "avoidable_cost_usd").row(0)
    (1, Decimal('10'), Decimal('210.00'))
    """
    groups = [*(column for column in column_names(by) if column != TIER), TIER]
    require(ledger, [*NEEDS, *groups], load_with=LEDGER_LOADER)
    is_avoidable = pl.col("avoidable_units") > 0
    return (
        ledger.filter(pl.col(TIER).is_in(VIALS_KNOWN))
        .group_by(groups)
        .agg(
            pl.len().alias("treatments"),
            is_avoidable.sum().alias("avoidable_treatments"),
            pl.col(NEEDS[1:]).sum(),
            (is_avoidable & pl.col("avoidable_cost_usd").is_null())
            .sum()
            .alias("uncosted_treatments"),
        )
        .sort(groups)
    )
