"""Waste: discarded drug that could have been billed and was not, kept apart by what shows it."""

from collections.abc import Sequence

import polars as pl

from analytics.measures.columns import LEDGER_LOADER, column_names, require

TIER = "vial_evidence"
DOLLARS = [
    "leakage_usd",
    "denied_usd",
    "short_paid_usd",
    "overbilled_usd",
    "structural_usd",
    "policy_unknown_usd",
]
NEEDS = [TIER, "finding", "missed_units", *DOLLARS]


def waste_leakage_by(ledger: pl.LazyFrame, *, by: str | Sequence[str]) -> pl.LazyFrame:
    """Dollars of billable waste left unbilled, per group and tier of evidence.

    A tier says what shows which vials were opened: A the administration record, B the NDC quantity,
    C only the least-waste theory, null nothing. Tiers answer different questions and are never
    added.
    `denied_usd` and `short_paid_usd` are parts of denials and shortfalls, not new money.
    `missed_units` counts all units that the vials leave over, also where waste is not paid, the
    policy is unknown or a JZ attests none: only `leakage_usd` is money to bill. Units mean
    something within one drug alone.

    Takes    one row per patient, provider, service date and drug, with every column named in `by`
    Returns  one row per group and `vial_evidence`, sorted by both: the `by` columns,
             `vial_evidence`, `treatments`, `missed_units`, `leakage_usd`, `leaking_treatments`
             (those with leakage), `unpriced_treatments` (units missed, no price: their dollars are
             in no column), `denied_usd`, `short_paid_usd`, `overbilled_usd`, `structural_usd`,
             `policy_unknown_usd` (USD)
    Raises   MissingColumns, naming the columns and the loader
    Source   waste_ledger
    """
    groups = [*(column for column in column_names(by) if column != TIER), TIER]
    require(ledger, [*NEEDS, *groups], load_with=LEDGER_LOADER)
    is_unpriced = (
        (pl.col("missed_units") > 0)
        & pl.col("leakage_usd").is_null()
        & pl.col("finding").ne_missing("jz_attested")
    )
    return (
        ledger.group_by(groups)
        .agg(
            pl.len().alias("treatments"),
            pl.col("missed_units", "leakage_usd").sum(),
            (pl.col("leakage_usd") > 0).sum().alias("leaking_treatments"),
            is_unpriced.sum().alias("unpriced_treatments"),
            pl.col(DOLLARS[1:]).sum(),
        )
        .sort(groups)
    )
