"""Underpayment: what a payer allowed against what its contract says.

Only *gap lines* are compared: primary lines, paid or partly denied, whose contract price is known
and whose payment can be set against it. On every other line `gap_usd` is null and `gap_basis` says
why.
"""

from collections.abc import Sequence
from decimal import Decimal

import polars as pl

from analytics.measures.columns import LINES_LOADER, column_names, require
from analytics.measures.rates import ratio, wilson_high, wilson_low

UNDERPAYMENT_NEEDS = [
    "payer_rank",
    "outcome",
    "charge_usd",
    "allowed_usd",
    "expected_allowed_usd",
    "gap_usd",
    "shortfall_usd",
    "overpaid_usd",
    "payer_owed_usd",
    "patient_owed_usd",
    "past_window_usd",
    "ask_usd",
]
PRICE_MATCH_NEEDS = ["gap_usd", "shortfall_usd", "overpaid_usd", "match_basis"]
# A cent left of a denied part is rounding, not price (RULES 11.2).
CENT = Decimal("0.01")
ADJUDICATED = ["paid", "partly_denied", "denied", "zero_no_reason"]

is_gap_line = pl.col("gap_usd").is_not_null()
is_answered_primary = (pl.col("payer_rank") == "primary") & pl.col("outcome").is_in(ADJUDICATED)
is_unpriced = is_answered_primary & pl.col("expected_allowed_usd").is_null()
# Priced and paid, yet no gap: what was paid is not this line's alone, or not surely so. Another
# payer first, a whole claim, a replaced claim, a remit line that contradicts itself (RULES 9).
is_not_compared = (
    is_answered_primary
    & pl.col("outcome").is_in(["paid", "partly_denied"])
    & pl.col("expected_allowed_usd").is_not_null()
    & ~is_gap_line
)


def underpayment_by(lines: pl.LazyFrame, *, by: str | Sequence[str]) -> pl.LazyFrame:
    """Dollars allowed below contract, per group, and the dollars that could not be compared.

    A line counts only when its contract price is known, on both sides of the rate. A line allowed
    above contract stands in `overpaid_usd`; it never offsets a shortfall elsewhere. What was
    answered but is not priced, or cannot be compared line by line, is in the `unpriced_` and
    `not_compared_` columns beside the figures, and a group with nothing else still has its row.

    Takes    one row per drug line, payer and rank, with every column named in `by`
    Returns  one row per group, sorted by `by`: the `by` columns; over gap lines `lines`,
             `expected_usd`, `allowed_usd`, `shortfall_usd`, `overpaid_usd`, `payer_owed_usd`,
             `patient_owed_usd`, `past_window_usd` (too late to ask), `ask_usd` (USD; the two are
             payer_owed and what unsupported payment cuts are above overpaid, line by line) and
             `underpayment_rate` (shortfall over expected, 0 to 1, null when nothing was
             expected); `unpriced_lines`, `unpriced_allowed_usd`, `unpriced_charge_usd`;
             `not_compared_lines`, `not_compared_allowed_usd`
    Raises   MissingColumns, naming the columns and the loader
    Source   drug_line_outcomes

    >>> from decimal import Decimal
    >>> line = {
    ...     "payer_id": "birch",
    ...     "payer_rank": "primary",
    ...     "outcome": "paid",
    ...     "charge_usd": Decimal("180.00"),
    ...     "allowed_usd": Decimal("64.35"),
    ...     "expected_allowed_usd": Decimal("66.83"),
    ...     "gap_usd": Decimal("2.48"),
    ...     "shortfall_usd": Decimal("2.48"),
    ...     "overpaid_usd": Decimal("0.00"),
    ...     "payer_owed_usd": Decimal("1.98"),
    ...     "patient_owed_usd": Decimal("0.50"),
    ...     "past_window_usd": Decimal("0.00"),
    ...     "ask_usd": Decimal("1.98"),
    ... }
    >>> row = underpayment_by(pl.LazyFrame([line]), by="payer_id").collect().row(0, named=True)
    >>> row["shortfall_usd"], row["payer_owed_usd"], round(row["underpayment_rate"], 4)
    (Decimal('2.48'), Decimal('1.98'), 0.0371)
    """
    groups = column_names(by)
    require(lines, [*UNDERPAYMENT_NEEDS, *groups], load_with=LINES_LOADER)
    return (
        lines.filter(is_gap_line | is_unpriced | is_not_compared)
        .group_by(groups)
        .agg(
            lines=is_gap_line.sum(),
            expected_usd=pl.col("expected_allowed_usd").filter(is_gap_line).sum(),
            allowed_usd=pl.col("allowed_usd").filter(is_gap_line).sum(),
            shortfall_usd=pl.col("shortfall_usd").filter(is_gap_line).sum(),
            overpaid_usd=pl.col("overpaid_usd").filter(is_gap_line).sum(),
            payer_owed_usd=pl.col("payer_owed_usd").filter(is_gap_line).sum(),
            patient_owed_usd=pl.col("patient_owed_usd").filter(is_gap_line).sum(),
            past_window_usd=pl.col("past_window_usd").filter(is_gap_line).sum(),
            ask_usd=pl.col("ask_usd").filter(is_gap_line).sum(),
            unpriced_lines=is_unpriced.sum(),
            unpriced_allowed_usd=pl.col("allowed_usd").filter(is_unpriced).sum(),
            unpriced_charge_usd=pl.col("charge_usd").filter(is_unpriced).sum(),
            not_compared_lines=is_not_compared.sum(),
            not_compared_allowed_usd=pl.col("allowed_usd").filter(is_not_compared).sum(),
        )
        .select(
            *groups,
            pl.col("lines", "expected_usd", "allowed_usd", "shortfall_usd", "overpaid_usd"),
            pl.col("payer_owed_usd", "patient_owed_usd", "past_window_usd", "ask_usd"),
            ratio("shortfall_usd", "expected_usd").alias("underpayment_rate"),
            pl.col("unpriced_lines", "unpriced_allowed_usd", "unpriced_charge_usd"),
            pl.col("not_compared_lines", "not_compared_allowed_usd"),
        )
        .sort(groups)
    )


def price_match_by(lines: pl.LazyFrame, *, by: str | Sequence[str]) -> pl.LazyFrame:
    """How often a payer's allowed amount is the contract's, to the cent, per group.

    Lines of one claim and drug that were paid as one and add up (administered and JW) are matches.
    A line whose whole gap is its denied part says nothing about price: it is in no column. Nor is
    one short by a cent beside its denied part: that cent is rounding, neither a match nor short.

    Takes    one row per drug line, payer and rank, with every column named in `by`
    Returns  one row per group with gap lines, sorted by `by`: the `by` columns, `matched_lines`,
             `short_lines`, `over_lines`, `price_match_rate` (matched over the sum of the
             three, 0 to 1, null when there is none), `interval_low`, `interval_high` (Wilson 95%)
    Raises   MissingColumns, naming the columns and the loader
    Source   drug_line_outcomes
    """
    groups = column_names(by)
    require(lines, [*PRICE_MATCH_NEEDS, *groups], load_with=LINES_LOADER)
    is_matched = pl.col("match_basis").is_not_null()
    return (
        lines.filter(is_gap_line)
        .group_by(groups)
        .agg(
            matched_lines=is_matched.sum(),
            short_lines=(~is_matched & (pl.col("shortfall_usd") > CENT)).sum(),
            over_lines=(~is_matched & (pl.col("overpaid_usd") > 0)).sum(),
        )
        .with_columns(
            compared_lines=pl.sum_horizontal("matched_lines", "short_lines", "over_lines")
        )
        .with_columns(
            price_match_rate=ratio("matched_lines", "compared_lines"),
            interval_low=wilson_low("matched_lines", "compared_lines"),
            interval_high=wilson_high("matched_lines", "compared_lines"),
        )
        .drop("compared_lines")
        .sort(groups)
    )
