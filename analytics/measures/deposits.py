"""Deposits: whether what a payer says it paid is what its remits add up to, remit by remit."""

from collections.abc import Sequence

import polars as pl

from analytics.measures.columns import REMITS_LOADER, column_names, require
from analytics.measures.conduct import ADJUSTMENTS_LOADER, TAKE_BACKS

BALANCES_LOADER = "analytics.load_remit_balances()"
REMIT = ["source_file", "transaction_number"]
BALANCE_NEEDS = [*REMIT, "payment_usd", "transaction_difference_usd", "balanced"]


def deposits_by(
    balances: pl.LazyFrame,
    remits: pl.LazyFrame,
    adjustments: pl.LazyFrame,
    *,
    by: str | Sequence[str] = "payer_id",
) -> pl.LazyFrame:
    """What payers deposited against what their remits pay less what they take back, per group.

    The deposit of a remit is its payment (BPR02, negative when debited); its claims' payments less
    its provider adjustments (PLB; positive takes money) should give the same. `difference_usd` is
    what the deposits are above that, signed; `off_usd` adds the differences without their signs, so
    that two errors never cancel. A remit that does not tell its payment or its adjustments cannot
    be reconciled: it is counted in `untold_remits`, its claims' payments stand in
    `untold_payments_usd`, and it is in no other dollars. A remit that names no claim and no
    adjustment has no payer and stands in a row of its own, with a null.

    Takes    remits with whether they balance, their claims, and their PLB pairs, of one scope;
             `by` names `payer_id` or columns of `balances` (source_file, transaction_number,
             trace_number and payment_date give a row per remit)
    Returns  one row per group, sorted: the `by` columns, `remits`, `balanced`, `unbalanced`,
             `untold_remits`, `deposit_usd`, `payments_usd`, `take_backs_usd` (WO, FB and 72, less
             what was given back), `other_adjustments_usd`, `difference_usd` (deposit - payments +
             take-backs + other adjustments), `off_usd`, `untold_payments_usd` (USD)
    Raises   MissingColumns, naming the columns and the loader
    Source   remit_balances, remit_claims, provider_adjustments

    >>> from decimal import Decimal
    >>> remit = {"source_file": "a.835", "transaction_number": 1, "payer_id": "birch"}
    >>> balances = pl.LazyFrame(
    ...     [
    ...         remit
    ...         | {
    ...             "payment_usd": Decimal("60.00"),
    ...             "transaction_difference_usd": Decimal("0.00"),
    ...             "balanced": True,
    ...         }
    ...     ]
    ... ).drop("payer_id")
    >>> claims = pl.LazyFrame([remit | {"paid_usd": Decimal("100.00")}])
    >>> pair = remit | {"reason_code": "WO", "amount_usd": Decimal("40.00")}
    >>> deposits_by(balances, claims, pl.LazyFrame([pair])).select(
    ...     "deposit_usd", "payments_usd", "take_backs_usd", "difference_usd"
    ... ).collect().row(0)
    (Decimal('60.00'), Decimal('100.00'), Decimal('40.00'), Decimal('0.00'))
    """
    groups = column_names(by)
    of_remit = [column for column in groups if column != "payer_id"]
    require(balances, [*BALANCE_NEEDS, *of_remit], load_with=BALANCES_LOADER)
    require(remits, [*REMIT, "payer_id", "paid_usd"], load_with=REMITS_LOADER)
    pair_needs = [*REMIT, "payer_id", "reason_code", "amount_usd"]
    require(adjustments, pair_needs, load_with=ADJUSTMENTS_LOADER)
    remitted = _with_parts(balances, remits, adjustments)
    difference = pl.col("transaction_difference_usd")
    is_told = difference.is_not_null()
    told = [pl.col(name).filter(is_told).sum() for name in ("payments_usd", "take_backs_usd")]
    return (
        remitted.group_by(groups)
        .agg(
            remits=pl.len(),
            balanced=pl.col("balanced").fill_null(False).sum(),
            unbalanced=(~pl.col("balanced").fill_null(True)).sum(),
            untold_remits=(~is_told).sum(),
            deposit_usd=pl.col("payment_usd").filter(is_told).sum(),
            payments_usd=told[0],
            take_backs_usd=told[1],
            other_adjustments_usd=pl.col("other_adjustments_usd").filter(is_told).sum(),
            difference_usd=difference.sum(),
            off_usd=difference.abs().sum(),
            untold_payments_usd=pl.col("payments_usd").filter(~is_told).sum(),
        )
        .sort(groups)
    )


def _with_parts(
    balances: pl.LazyFrame, remits: pl.LazyFrame, adjustments: pl.LazyFrame
) -> pl.LazyFrame:
    """Every remit once, with its payer and the sums of its claims and of its adjustments."""
    is_take_back = pl.col("reason_code").is_in(TAKE_BACKS).fill_null(False)
    amount = pl.col("amount_usd")
    claims = remits.group_by(REMIT).agg(
        payer_of_claims=pl.col("payer_id").drop_nulls().min(), payments_usd=pl.col("paid_usd").sum()
    )
    pairs = adjustments.group_by(REMIT).agg(
        payer_of_pairs=pl.col("payer_id").drop_nulls().min(),
        take_backs_usd=amount.filter(is_take_back).sum(),
        other_adjustments_usd=amount.filter(~is_take_back).sum(),
    )
    sums = ["payments_usd", "take_backs_usd", "other_adjustments_usd"]
    return (
        balances.join(claims, on=REMIT, how="left")
        .join(pairs, on=REMIT, how="left")
        .with_columns(
            pl.col(sums).fill_null(0),
            payer_id=pl.coalesce("payer_of_claims", "payer_of_pairs"),
        )
    )
