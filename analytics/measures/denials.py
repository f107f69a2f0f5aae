"""Denials: how many lines, claims or remits a payer refused, under one named definition."""

from collections.abc import Sequence

import polars as pl

from analytics.errors import UsageError
from analytics.measures.columns import column_names, require
from analytics.measures.denial_definitions import FOUR_WEEKS, Definition, find_definition
from analytics.measures.line_shares import with_line_shares
from analytics.measures.rates import ratio, wilson_high, wilson_low

COMMON = (
    "numerator",
    "denominator",
    "rate",
    "interval_low",
    "interval_high",
    "window",
    "date_basis",
    "immature",
)
NO_INTERVAL = pl.lit(None, pl.Float64)


def denial_rate_by(
    frame: pl.LazyFrame, *, by: str | Sequence[str], definition: str = "line_initial"
) -> pl.LazyFrame:
    """Share of lines, claims or remits that were denied, per group, under one named definition.

    `line_initial`, `claim_initial` ask what the payer answered first, even if it later paid;
    `line_final`, `claim_final` what stands now: primary ones only, old enough to have been answered
    (younger ones are counted in `immature`), with a Wilson 95% interval. The others are no cohorts
    and have none. `hfma_initial_claims` and `hfma_initial_dollars` hold the denied claims (their
    charges) of a month against the mean of those submitted in each of the three months before;
    `hfma_zero_pay_remits` counts primary remits of the four weeks that end with as-of;
    `any_zero_allowed` is what naive tools report: reversals and repeats count too. Dollars at stake
    are what the contract expects; denied lines without a contract price are counted beside them.

    Takes    rows of lines, claims or remits as the definition reads, with every column in `by`
    Returns  one row per group (and `submitted_month`, for the two of months before), sorted: the
             `by` columns, `definition`, `numerator`, `denominator`, `rate` (0 to 1, null when the
             denominator is nothing), `interval_low`, `interval_high`, `window` (first and last
             date or month), `date_basis`, `immature`, `denied_charge_usd`; of lines and claims
             `denied_expected_usd` (USD), of lines also the older names `denied_lines`,
             `adjudicated_lines`, `denial_rate`, `immature_lines`, `denied_unpriced_lines`, and of
             the group's `primary_lines`, counted or not, the `unmatched_share` (no remit line, or
             a remit line without claim line), `unmapped_share` (denied for a reason nobody has
             named) and `immature_share`; null where the frame does not tell them
    Raises   MissingColumns, naming the columns and the loader; UsageError for another definition
    Source   claim_line_outcomes, drug_line_outcomes, claim_outcomes, remit_claims

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> line = {
    ...     "payer_id": "birch",
    ...     "payer_rank": "primary",
    ...     "is_mature": True,
    ...     "outcome": "paid",
    ...     "initial_outcome": "denied",
    ...     "service_date": date(2026, 7, 1),
    ...     "charge_usd": Decimal("180.00"),
    ...     "expected_allowed_usd": Decimal("66.83"),
    ... }
    >>> lines = pl.LazyFrame([line, line | {"initial_outcome": "paid"}])
    >>> denial_rate_by(lines, by="payer_id").select("denied_lines", "denial_rate").collect().row(0)
    (1, 0.5)
    >>> denial_rate_by(lines, by="payer_id", definition="line_final").collect()["rate"].item()
    0.0
    """
    groups, chosen = column_names(by), find_definition(definition)
    require(frame, [*chosen.needs, *groups], load_with=chosen.loader)
    population = frame.filter(chosen.population.fill_null(False))
    if definition.startswith("hfma_initial"):
        rates = _against_months_before(population, groups, chosen, definition)
    else:
        rates = _shares(population, groups, chosen, definition)
    if chosen.of == "lines":
        rates = with_line_shares(rates, frame, groups)
    return rates


def _shares(
    population: pl.LazyFrame, groups: list[str], chosen: Definition, definition: str
) -> pl.LazyFrame:
    """Rates whose two sides are counts of one population."""
    is_mature = pl.col("is_mature").fill_null(False) if chosen.has_maturity else pl.lit(True)
    is_denied = is_mature & chosen.is_denied.fill_null(False)
    sums = [
        is_denied.sum().alias("numerator"),
        (is_mature.sum() if chosen.has_maturity else pl.len()).alias("denominator"),
        pl.col(chosen.charge).filter(is_denied).sum().alias("denied_charge_usd"),
        _window(chosen, definition, is_mature),
    ]
    if chosen.has_maturity:
        sums.append((~is_mature).sum().alias("immature"))
    if chosen.expected:
        sums.append(pl.col(chosen.expected).filter(is_denied).sum().alias("denied_expected_usd"))
    if chosen.of == "lines":
        unpriced = is_denied & pl.col("expected_allowed_usd").is_null()
        sums.append(unpriced.sum().alias("denied_unpriced_lines"))
    rates = population.group_by(groups).agg(*sums, definition=pl.lit(definition))
    if not chosen.has_maturity:
        rates = rates.with_columns(immature=pl.lit(None, pl.UInt32))
    low, high = (wilson_low, wilson_high) if chosen.has_maturity else (_none, _none)
    rates = rates.with_columns(
        rate=ratio("numerator", "denominator"),
        interval_low=low("numerator", "denominator"),
        interval_high=high("numerator", "denominator"),
        date_basis=pl.lit(chosen.date_basis),
    )
    return rates.select(*groups, "definition", *COMMON, *_beside(chosen)).sort(groups)


def _beside(chosen: Definition) -> list[str | pl.Expr]:
    """The dollars after the common columns, and of lines the names that stood before them."""
    money: list[str | pl.Expr] = ["denied_charge_usd"]
    if chosen.expected:
        money.append("denied_expected_usd")
    if chosen.of == "lines":
        money += [
            "denied_unpriced_lines",
            pl.col("numerator").alias("denied_lines"),
            pl.col("denominator").alias("adjudicated_lines"),
            pl.col("rate").alias("denial_rate"),
            pl.col("immature").alias("immature_lines"),
        ]
    return money


def _window(chosen: Definition, definition: str, is_mature: pl.Expr) -> pl.Expr:
    """The first and last day or month of what was counted, in words."""
    day = pl.col(chosen.date_column)
    if definition == "hfma_zero_pay_remits":
        last = pl.col("as_of").max()
        first = last.dt.offset_by(f"-{FOUR_WEEKS - 1}d")
    else:
        kept = day if not chosen.has_maturity else day.filter(is_mature)
        first, last = kept.min(), kept.max()
    shape = "%Y-%m" if "month" in chosen.date_basis else "%Y-%m-%d"
    return pl.concat_str(first.dt.strftime(shape), pl.lit(" to "), last.dt.strftime(shape)).alias(
        "window"
    )


def _against_months_before(
    claims: pl.LazyFrame, groups: list[str], chosen: Definition, definition: str
) -> pl.LazyFrame:
    """Denied claims of a month over the mean of those submitted in each of three months before."""
    if "cohort_month" in groups:
        raise UsageError(
            f"{definition} is by month of submission already; found cohort_month in by=. "
            "Take it out: the rows have submitted_month."
        )
    in_dollars = definition == "hfma_initial_dollars"
    size = pl.col("charge_usd").sum() if in_dollars else pl.len().cast(pl.Int64)
    denied = pl.col("denied_initial").fill_null(False)
    charge = pl.col("charge_usd").filter(denied).sum()
    month = pl.col("submitted_date").dt.truncate("1mo").alias("submitted_month")
    months = claims.group_by([*groups, month]).agg(
        size=size,
        numerator=charge if in_dollars else denied.sum().cast(pl.Int64),
        denied_charge_usd=charge,
        immature=(~pl.col("is_mature").fill_null(False)).sum(),
    )
    keys = [*groups, "submitted_month"]
    before = pl.col("submitted_month").dt
    return (
        _with_three_months(months, groups)
        .with_columns(
            definition=pl.lit(definition),
            denominator=_third_of_dollars() if in_dollars else pl.col("three_months") / 3,
            rate=3 * ratio("numerator", "three_months"),
            interval_low=NO_INTERVAL,
            interval_high=NO_INTERVAL,
            window=pl.concat_str(
                before.strftime("%Y-%m"),
                pl.lit(" over the mean of "),
                before.offset_by("-3mo").dt.strftime("%Y-%m"),
                pl.lit(" to "),
                before.offset_by("-1mo").dt.strftime("%Y-%m"),
            ),
            date_basis=pl.lit(chosen.date_basis),
        )
        .select(*keys, "definition", *COMMON, "denied_charge_usd")
        .sort(keys)
    )


def _with_three_months(months: pl.LazyFrame, groups: list[str]) -> pl.LazyFrame:
    """Each month with the size of the three before it together; null where one has no claims."""
    for back in (1, 2, 3):
        earlier = months.select(
            *groups,
            pl.col("submitted_month").dt.offset_by(f"{back}mo"),
            pl.col("size").alias(f"size_{back}"),
        )
        months = months.join(earlier, on=[*groups, "submitted_month"], how="left", nulls_equal=True)
    three = pl.col("size_1") + pl.col("size_2") + pl.col("size_3")
    return months.with_columns(three.alias("three_months"))


def _third_of_dollars() -> pl.Expr:
    """A third of the dollars of three months, to the cent, half away from zero, exactly."""
    cents = (pl.col("three_months") * 100).cast(pl.Int64)
    third = (2 * cents + 3) // 6
    return third.cast(pl.Decimal(18, 2)) * pl.lit("0.01").str.to_decimal(scale=2)


def _none(*_: str) -> pl.Expr:
    return NO_INTERVAL
