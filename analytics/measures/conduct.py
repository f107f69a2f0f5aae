"""Payer conduct: how soon a payer answers, what interest it paid, what it took back."""

from collections.abc import Sequence

import polars as pl

from analytics.measures.columns import CLAIMS_LOADER, column_names, require

ADJUSTMENTS_LOADER = "analytics.load_provider_adjustments()"
# Overpayment recovery, a balance carried forward, an authorized return of money.
TAKE_BACKS = ["WO", "FB", "72"]
CLAIM_NEEDS = ["first_answer_date", "days_from_submission", "days_from_receipt", "interest_usd"]
PAIR_NEEDS = ["payer_id", "reason_code", "reference_id", "amount_usd", "linked_claim_id"]


def payer_conduct_by(claims: pl.LazyFrame, *, by: str | Sequence[str]) -> pl.LazyFrame:
    """How long payers took to answer, per group and month of the first answer.

    The medians are of claims. Days from receipt are known only where the payer says when it had the
    claim; each median stands beside the number of claims it is of. Claims never answered are in no
    row.

    Takes    rows of a claim and payer, with every column named in `by`
    Returns  one row per group and `answer_month`, sorted: the `by` columns, `answer_month`,
             `answered_claims`, `median_days_from_submission` of `submission_claims`,
             `median_days_from_receipt` of `receipt_claims`, `interest_usd` (USD)
    Raises   MissingColumns, naming the columns and the loader
    Source   claim_outcomes

    >>> from datetime import date
    >>> claim = {"payer_id": "birch", "first_answer_date": date(2026, 3, 1), "interest_usd": 0}
    >>> claims = pl.LazyFrame(
    ...     [claim | {"days_from_submission": days, "days_from_receipt": None} for days in (9, 17)]
    ... )
    >>> payer_conduct_by(claims, by="payer_id").collect()["median_days_from_submission"].item()
    13.0
    """
    groups = column_names(by)
    require(claims, [*CLAIM_NEEDS, *groups], load_with=CLAIMS_LOADER)
    keys = [*groups, "answer_month"]
    return (
        claims.filter(pl.col("first_answer_date").is_not_null())
        .with_columns(answer_month=pl.col("first_answer_date").dt.truncate("1mo"))
        .group_by(keys)
        .agg(
            answered_claims=pl.len(),
            median_days_from_submission=pl.col("days_from_submission").median(),
            submission_claims=pl.col("days_from_submission").count(),
            median_days_from_receipt=pl.col("days_from_receipt").median(),
            receipt_claims=pl.col("days_from_receipt").count(),
            interest_usd=pl.col("interest_usd").sum(),
        )
        .sort(keys)
    )


def take_backs_by(
    adjustments: pl.LazyFrame, *, by: str | Sequence[str] = ("payer_id", "chain")
) -> pl.LazyFrame:
    """Money payers took back beside the claims, per group, and what of it is still out.

    Pairs of one payer and reference are one `chain` (the reference in upper case without blanks): a
    balance taken in one remit and given back in another comes to nothing. What no claim could be
    found for is counted beside.

    Takes    PLB pairs, positive where money was taken, with every column named in `by` (which may
             name `chain`)
    Returns  one row per group, sorted: the `by` columns, `pairs`, `taken_usd`, `given_usd` (above
             zero), `still_out_usd` (taken less given), `unlinked_pairs`, `unlinked_usd`
    Raises   MissingColumns, naming the columns and the loader
    Source   provider_adjustments

    >>> from decimal import Decimal
    >>> pair = {"payer_id": "birch", "reason_code": "WO", "linked_claim_id": None}
    >>> pairs = pl.LazyFrame(
    ...     [
    ...         pair | {"reference_id": "old icn", "amount_usd": Decimal("40.00")},
    ...         pair | {"reference_id": "OLDICN", "amount_usd": Decimal("-40.00")},
    ...     ]
    ... )
    >>> take_backs_by(pairs).select("chain", "pairs", "still_out_usd").collect().row(0)
    ('OLDICN', 2, Decimal('0.00'))
    """
    groups = column_names(by)
    wanted = [column for column in groups if column != "chain"]
    require(adjustments, [*PAIR_NEEDS, *wanted], load_with=ADJUSTMENTS_LOADER)
    amount, is_unlinked = pl.col("amount_usd"), pl.col("linked_claim_id").is_null()
    return (
        adjustments.filter(pl.col("reason_code").is_in(TAKE_BACKS))
        .with_columns(chain=pl.col("reference_id").str.replace_all(r"\s", "").str.to_uppercase())
        .group_by(groups)
        .agg(
            pairs=pl.len(),
            taken_usd=amount.filter(amount > 0).sum(),
            given_usd=-amount.filter(amount < 0).sum(),
            still_out_usd=amount.sum(),
            unlinked_pairs=is_unlinked.sum(),
            unlinked_usd=amount.filter(is_unlinked).sum(),
        )
        .sort(groups)
    )
