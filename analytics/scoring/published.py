"""What a published run answers, in the words of the answer key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from analytics.scoring.rows import SCHEMA, without_repeats
from analytics.settings import shipped_folders
from analytics.tables import (
    load_claim_line_outcomes,
    load_documentation_gaps,
    load_drug_line_outcomes,
    load_remit_balances,
    load_underpayment_causes,
    load_waste_ledger,
    sql,
)
from analytics.warehouse.checks import load_checks

LINE = ("claim_id", "line_number", "payer_id")
KEY = (*LINE, "payer_rank")
# Outcomes that are findings by themselves; paid lines are findings by their dollars alone.
OUTCOMES = (
    "open",
    "returned",
    "suppressed",
    "not_covered",
    "bundled",
    "closed_unpaid",
    "zero_no_reason",
)
LINE_DOLLARS = {
    "rounding_penny": "penny_usd",
    "unsupported_cut": "unsupported_cut_usd",
    "charge_limited": "charge_limited_usd",
    "lag_effect": "lag_effect_usd",
    "recovered": "recovered_usd",
}
VIAL_CHOICE = "vial_choice"
LEDGER_DOLLARS = {
    "denied": "denied_usd",
    "short_paid": "short_paid_usd",
    "overbilled": "overbilled_usd",
    "not_paid_by_policy": "structural_usd",
    "policy_unknown": "policy_unknown_usd",
    # Told beside a row's finding: what vials that the dose did not need have cost the practice.
    VIAL_CHOICE: "avoidable_cost_usd",
}
# Findings that no published table has: the check that lists them, and its columns of claim, payer
# and dollars, where it has one.
OF_CHECKS = {
    "record_not_billed": ("warn_administrations_without_treatment", "administration_id", "", ""),
    "record_disagrees": ("warn_administrations_disagree", "claim_id", "", ""),
    "record_contradictory": (
        "warn_administrations_contradict_themselves",
        "administration_id",
        "",
        "",
    ),
    "waste_always_whole_vials": ("warn_whole_multi_dose_vials", "", "payer_id", "usd"),
}
UNBALANCED = "not compared: remit line does not balance"


def published_answers(data: str | Path) -> pl.DataFrame:
    """Every finding of the current run of a site, with its dollars.

    Takes    the site's folder
    Returns  claim_id, line_number, payer_id, finding, amount_usd, as an answer key has them
    Raises   AnalyticsError before the first `analytics refresh`
    Source   claim_line_outcomes, drug_line_outcomes, underpayment_causes, waste_ledger,
             documentation_gaps, remit_balances, and the checks of `OF_CHECKS`
    """
    lines = load_claim_line_outcomes(data=data).filter(_is_primary())
    drugs = load_drug_line_outcomes(data=data).filter(_is_primary())
    parts = [
        _of_outcome(lines),
        *_of_dollars(drugs.filter(pl.col("outcome").is_in(["paid", "partly_denied"]))),
        _of_causes(drugs, load_underpayment_causes(data=data)),
        *_of_ledger(load_waste_ledger(data=data)),
        _of_documentation(load_documentation_gaps(data=data)),
        _of_balances(drugs, load_remit_balances(data=data)),
        *_of_checks(data),
    ]
    rows = pl.concat([part.select(_cells()) for part in parts]).collect()
    return without_repeats("the published run", rows)


def _of_outcome(lines: pl.LazyFrame) -> pl.LazyFrame:
    is_denied = pl.col("outcome") == "denied"
    return lines.filter(is_denied | pl.col("outcome").is_in(list(OUTCOMES))).with_columns(
        finding=pl.when(is_denied)
        .then(pl.format("denied_{}", "denial_class"))
        .otherwise(pl.format("outcome_{}", "outcome")),
        amount_usd=pl.col("expected_allowed_usd"),
    )


def _of_dollars(paid: pl.LazyFrame) -> Iterator[pl.LazyFrame]:
    for finding, column in LINE_DOLLARS.items():
        yield paid.filter(pl.col(column) != 0).with_columns(
            finding=pl.lit(finding), amount_usd=pl.col(column)
        )
    is_granted = (pl.col("sequestration_usd") != 0) & (pl.col("unsupported_cut_usd") == 0)
    yield paid.filter(is_granted).with_columns(
        finding=pl.lit("sequestration"), amount_usd=pl.col("sequestration_usd")
    )
    is_in_part = (pl.col("outcome") == "partly_denied") & (pl.col("denied_expected_usd") != 0)
    yield paid.filter(is_in_part).with_columns(
        finding=pl.format("partly_denied_{}", "denial_class"),
        amount_usd=pl.col("denied_expected_usd"),
    )


def _of_causes(drugs: pl.LazyFrame, causes: pl.LazyFrame) -> pl.LazyFrame:
    # On an overpaid line dollars are negative; the key says how much too much was paid.
    is_short = pl.col("shortfall_usd") > 0
    return causes.join(drugs.select(*KEY, "shortfall_usd"), on=KEY, how="left").with_columns(
        finding=pl.when(is_short)
        .then(pl.format("underpaid_{}", "cause"))
        .otherwise(pl.format("overpaid_{}", "cause")),
        amount_usd=pl.when(is_short).then(pl.col("gap_usd")).otherwise(-pl.col("gap_usd")),
    )


def _of_ledger(ledger: pl.LazyFrame) -> Iterator[pl.LazyFrame]:
    avoidable = ledger.filter(pl.col("avoidable_units") > 0)
    for rows in (
        ledger.filter(pl.col("finding") != "clean"),
        avoidable.with_columns(finding=pl.lit(VIAL_CHOICE)),
    ):
        yield _with_ledger_dollars(rows)


def _with_ledger_dollars(ledger: pl.LazyFrame) -> pl.LazyFrame:
    dollars = pl.col("leakage_usd")
    for finding, column in LEDGER_DOLLARS.items():
        dollars = pl.when(pl.col("finding") == finding).then(column).otherwise(dollars)
    return ledger.with_columns(
        line_number=pl.lit(None, pl.Int64),
        finding=pl.format("waste_{}", "finding"),
        amount_usd=dollars,
    )


def _of_documentation(gaps: pl.LazyFrame) -> pl.LazyFrame:
    return gaps.filter(pl.col("result") == "not_met").with_columns(
        finding=pl.format("documentation_{}", "check"), amount_usd=pl.lit(None)
    )


def _of_checks(data: str | Path) -> Iterator[pl.LazyFrame]:
    checks = load_checks(shipped_folders().sql)
    for finding, (check, *columns) in OF_CHECKS.items():
        found = sql(checks[check].sql, data=data).lazy()
        claim, payer, usd = (pl.col(name) if name else pl.lit(None) for name in columns)
        yield found.select(
            claim_id=claim,
            line_number=pl.lit(None),
            payer_id=payer,
            finding=pl.lit(finding),
            amount_usd=usd,
        )


def _of_balances(drugs: pl.LazyFrame, balances: pl.LazyFrame) -> pl.LazyFrame:
    # A line does not name its remit; the remit of that day that does not balance is its own.
    off = balances.filter(~pl.col("balanced")).select(
        last_paid_date="payment_date", amount_usd="line_difference_usd"
    )
    return (
        drugs.filter(pl.col("gap_basis") == UNBALANCED)
        .join(off, on="last_paid_date", how="left")
        .with_columns(finding=pl.lit("unbalanced"))
    )


def _is_primary() -> pl.Expr:
    return pl.col("payer_rank") == "primary"


def _cells() -> list[pl.Expr]:
    return [pl.col(name).cast(kind) for name, kind in SCHEMA.items()]
