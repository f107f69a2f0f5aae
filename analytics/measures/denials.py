"""Denials: how many adjudicated lines a payer refused, at first and in the end."""

from collections.abc import Sequence

import polars as pl

from analytics.errors import UsageError
from analytics.measures.columns import LINES_LOADER, column_names, require
from analytics.measures.rates import ratio, wilson_high, wilson_low

# Each definition reads one column: what the first answer was, or where the line stands now.
DEFINITIONS = {"line_initial": "initial_outcome", "line_final": "outcome"}
DENIED = ["denied", "zero_no_reason"]
# No answer yet, or an answer that is not about this line's coverage.
LEFT_OUT = ["open", "returned", "suppressed", "duplicate", "bundled"]
NEEDS = [
    "payer_rank",
    "is_mature",
    "outcome",
    "initial_outcome",
    "charge_usd",
    "expected_allowed_usd",
]


def denial_rate_by(
    lines: pl.LazyFrame, *, by: str | Sequence[str], definition: str = "line_initial"
) -> pl.LazyFrame:
    """Share of adjudicated lines that were denied, per group, under one named definition.

    `line_initial` asks what the payer answered first, even if it later paid; `line_final` what
    stands now. Primary lines only, and only lines old enough to have been answered: younger ones
    are counted in `immature_lines`. A line the practice dropped after a first answer (closed
    unpaid) stays in the denominator of `line_final`. Dollars at stake are what the contract
    expects for the denied lines; denied lines without a contract price are counted beside them.

    Takes    one row per line, payer and rank (drug lines or all lines), with every column named in
             `by`; `definition`, `line_initial` or `line_final`
    Returns  one row per group, sorted by `by`: the `by` columns, `definition`, `denied_lines`,
             `adjudicated_lines`, `denial_rate` (0 to 1, null when nothing was adjudicated),
             `interval_low`, `interval_high` (Wilson 95%), `denied_charge_usd`,
             `denied_expected_usd` (USD), `denied_unpriced_lines`, `immature_lines`
    Raises   MissingColumns, naming the columns and the loader; UsageError for another definition
    Source   claim_line_outcomes, drug_line_outcomes

    >>> from decimal import Decimal
    >>> line = {
    ...     "payer_id": "birch",
    ...     "payer_rank": "primary",
    ...     "is_mature": True,
    ...     "outcome": "paid",
    ...     "initial_outcome": "denied",
    ...     "charge_usd": Decimal("180.00"),
    ...     "expected_allowed_usd": Decimal("66.83"),
    ... }
    >>> lines = pl.LazyFrame([line, line | {"initial_outcome": "paid"}])
    >>> denial_rate_by(lines, by="payer_id").select("denied_lines", "denial_rate").collect().row(0)
    (1, 0.5)
    >>> denial_rate_by(lines, by="payer_id", definition="line_final").collect()[
    ...     "denial_rate"
    ... ].item()
    0.0
    """
    groups = column_names(by)
    answer = _answer_column(definition)
    require(lines, [*NEEDS, *groups], load_with=LINES_LOADER)
    is_mature = pl.col("is_mature").fill_null(False)
    is_denied = is_mature & pl.col(answer).is_in(DENIED)
    return (
        lines.filter((pl.col("payer_rank") == "primary") & _is_adjudicated(answer))
        .group_by(groups)
        .agg(
            definition=pl.lit(definition),
            denied_lines=is_denied.sum(),
            adjudicated_lines=is_mature.sum(),
            denied_charge_usd=pl.col("charge_usd").filter(is_denied).sum(),
            denied_expected_usd=pl.col("expected_allowed_usd").filter(is_denied).sum(),
            denied_unpriced_lines=(is_denied & pl.col("expected_allowed_usd").is_null()).sum(),
            immature_lines=(~is_mature).sum(),
        )
        .select(
            *groups,
            pl.col("definition", "denied_lines", "adjudicated_lines"),
            ratio("denied_lines", "adjudicated_lines").alias("denial_rate"),
            wilson_low("denied_lines", "adjudicated_lines").alias("interval_low"),
            wilson_high("denied_lines", "adjudicated_lines").alias("interval_high"),
            pl.col("denied_charge_usd", "denied_expected_usd", "denied_unpriced_lines"),
            pl.col("immature_lines"),
        )
        .sort(groups)
    )


def _answer_column(definition: str) -> str:
    if definition in DEFINITIONS:
        return DEFINITIONS[definition]
    raise UsageError(
        f"there is no denial rate {definition!r}; this version has {', '.join(DEFINITIONS)} (the "
        "claim and HFMA definitions are not in it). Choose one of these as definition=."
    )


def _is_adjudicated(answer: str) -> pl.Expr:
    """Whether a line belongs below the line of the rate, maturity apart (RULES 11.1)."""

    def counts(column: str) -> pl.Expr:
        return pl.col(column).is_not_null() & ~pl.col(column).is_in([*LEFT_OUT, "closed_unpaid"])

    # A dropped line has no answer of its own any more; it was adjudicated if its first answer was.
    is_dropped_after_answer = (pl.col("outcome") == "closed_unpaid") & counts("initial_outcome")
    return (
        counts(answer) if answer == "initial_outcome" else counts(answer) | is_dropped_after_answer
    )
