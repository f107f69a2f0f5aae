"""The payer scorecard: price, denials and days beside each other, each with its count."""

from collections.abc import Sequence

import polars as pl

from analytics.measures.columns import CLAIMS_LOADER, column_names, require
from analytics.measures.denials import denial_rate_by
from analytics.measures.underpayment import price_match_by, underpayment_by


def payer_scorecard(
    lines: pl.LazyFrame, claims: pl.LazyFrame, *, by: str | Sequence[str] = "payer_name"
) -> pl.LazyFrame:
    """What a negotiation begins with, per payer: how often it pays its price, denies, and how soon.

    Every rate is that of its own measure and keeps its own population, so the counts beside the
    rates differ: a line that was denied has no price to match.

    Takes    drug lines and claims of one scope, both with every column named in `by`
    Returns  one row per group that has lines, sorted by `by`: the `by` columns;
             `expected_usd`, `shortfall_usd`, `payer_owed_usd`, `ask_usd`, `underpayment_rate` over
             `lines`; `price_match_rate`, `match_low`, `match_high` over `matched_lines`,
             `short_lines` and `over_lines`; `initial_denial_rate`, `initial_low`, `initial_high`
             and `final_denial_rate`, `final_low`, `final_high` over `initial_lines` and
             `final_lines`; `median_days_from_submission` of `submission_claims`; `interest_usd`
    Raises   MissingColumns, naming the columns and the loader
    Source   drug_line_outcomes, claim_outcomes
    """
    groups = column_names(by)
    require(claims, [*groups, "days_from_submission", "interest_usd"], load_with=CLAIMS_LOADER)
    money = ["lines", "expected_usd", "shortfall_usd", "payer_owed_usd", "ask_usd"]
    parts = [
        price_match_by(lines, by=groups).rename(
            {"interval_low": "match_low", "interval_high": "match_high"}
        ),
        _denials(lines, groups, "initial"),
        _denials(lines, groups, "final"),
        _days(claims, groups),
    ]
    card = underpayment_by(lines, by=groups).select(*groups, *money, "underpayment_rate")
    known = pl.concat([card.select(groups), *(part.select(groups) for part in parts[:3])]).unique()
    card = known.join(card, on=groups, how="left", nulls_equal=True)
    for part in parts:
        card = card.join(part, on=groups, how="left", nulls_equal=True)
    return card.sort(groups)


def _denials(lines: pl.LazyFrame, groups: list[str], when: str) -> pl.LazyFrame:
    rates = denial_rate_by(lines, by=groups, definition=f"line_{when}")
    return rates.select(
        *groups,
        pl.col("rate").alias(f"{when}_denial_rate"),
        pl.col("interval_low").alias(f"{when}_low"),
        pl.col("interval_high").alias(f"{when}_high"),
        pl.col("denominator").alias(f"{when}_lines"),
    )


def _days(claims: pl.LazyFrame, groups: list[str]) -> pl.LazyFrame:
    """Over all months: `payer_conduct_by` has a row for each."""
    days = pl.col("days_from_submission")
    return claims.group_by(groups).agg(
        median_days_from_submission=days.median(),
        submission_claims=days.count(),
        interest_usd=pl.col("interest_usd").sum(),
    )
