"""Denial rates between payers that do not bill the same: each rate among the mix of all of them."""

from collections.abc import Sequence

import polars as pl

from analytics.errors import UsageError
from analytics.measures.columns import LINES_LOADER, column_names, require
from analytics.measures.denial_definitions import Definition, find_definition
from analytics.measures.rates import ratio, wilson_high, wilson_low

STRATUM = ["drug", "place_of_service"]
# Fewer lines than this, at a payer or at all together, are no stratum: they are pooled.
LEAST_LINES = 10
# With more payers than this one is likely to stand out by chance alone, and a sentence says so.
MANY = 5
OUTSIDE_BY_CHANCE = 0.05
COLUMNS = (
    "definition",
    "lines",
    "denied",
    "rate",
    "interval_low",
    "interval_high",
    "adjusted_rate",
    "shared_share",
    "strata",
    "others_lines",
    "others_denied",
    "others_rate",
)


def denial_rate_adjusted_by(
    lines: pl.LazyFrame, *, by: str | Sequence[str] = "payer_id", definition: str = "line_initial"
) -> pl.LazyFrame:
    """Each payer's denial rate as it would be if it were sent the mix that all payers are sent.

    Directly standardized: the payer's own rate in each stratum (drug and place of service) is
    weighted with the stratum's share of all payers' lines. Strata with fewer than ten lines, at
    the payer or at all together, are pooled into one, `other`. Strata it has no line in are left
    out of its mean; `shared_share` says how much of all lines the others are. Population, denials
    and maturity are those of `denial_rate_by`; the others' rate is the plain one of everybody
    else's lines.

    Takes    drug lines of every payer to compare, with every column named in `by`; `definition`,
             `line_initial` or `line_final`
    Returns  one row per payer with a mature line, sorted: the `by` columns, `definition`, `lines`,
             `denied`, `rate` (0 to 1) with `interval_low`, `interval_high` (Wilson 95%, of the
             plain rate), `adjusted_rate`, `shared_share` (0 to 1), `strata` (those it has lines
             in), `others_lines`, `others_denied`, `others_rate` (null without others)
    Raises   MissingColumns, naming the columns and the loader; UsageError for another definition
             and for a column of the mix in `by`
    Source   drug_line_outcomes

    >>> from datetime import date
    >>> line = {
    ...     "payer_id": "birch",
    ...     "payer_rank": "primary",
    ...     "is_mature": True,
    ...     "outcome": "paid",
    ...     "initial_outcome": "paid",
    ...     "service_date": date(2026, 7, 1),
    ...     "charge_usd": 180,
    ...     "expected_allowed_usd": 66,
    ...     "drug": "infliximab",
    ...     "place_of_service": "11",
    ... }
    >>> denied = line | {"initial_outcome": "denied"}
    >>> rituximab = {"drug": "rituximab"}
    >>> lines = pl.LazyFrame(
    ...     [line] * 10
    ...     + [denied | rituximab] * 10
    ...     + [line | rituximab | {"payer_id": "cedar"}] * 20
    ... )
    >>> denial_rate_adjusted_by(lines).select("payer_id", "rate", "adjusted_rate").collect().rows()
    [('birch', 0.5, 0.75), ('cedar', 0.0, 0.0)]
    """
    groups, chosen = column_names(by), _of_lines(definition)
    _refuse_strata(groups)
    require(lines, [*chosen.needs, *STRATUM, *groups], load_with=LINES_LOADER)
    cells = _cells(lines, groups, chosen)
    payers = _adjusted(cells, groups)
    rates = payers.with_columns(
        definition=pl.lit(definition),
        others_lines=pl.col("lines").sum() - pl.col("lines"),
        others_denied=pl.col("denied").sum() - pl.col("denied"),
    )
    return (
        rates.with_columns(
            rate=ratio("denied", "lines"),
            interval_low=wilson_low("denied", "lines"),
            interval_high=wilson_high("denied", "lines"),
            others_rate=ratio("others_denied", "others_lines"),
        )
        .select(*groups, *COLUMNS)
        .sort(groups)
    )


def many_payers_in_words(adjusted: pl.DataFrame) -> str:
    """How many of the payers compared an interval of 95% leaves outside by chance, and how many do.

    Five payers or fewer need no such warning: an empty text.

    Takes    rows of `denial_rate_adjusted_by`, one per payer
    """
    payers = adjusted.height
    if payers <= MANY:
        return ""
    others = pl.col("others_rate")
    outside = adjusted.filter(
        (others < pl.col("interval_low")) | (others > pl.col("interval_high"))
    ).height
    stands = "payer does" if outside == 1 else "payers do"
    return (
        f"**{payers} payers are compared**: were they all alike, an interval of 95% would still "
        f"leave about {payers * OUTSIDE_BY_CHANCE:.1f} of them outside by chance; {outside} "
        f"{stands} lie outside here."
    )


def _of_lines(definition: str) -> Definition:
    chosen = find_definition(definition)
    if chosen.of != "lines":
        raise UsageError(
            f"a rate is adjusted for the mix of lines; found {definition!r}, a rate of "
            f"{chosen.of}. Choose line_initial or line_final as definition=."
        )
    return chosen


def _refuse_strata(groups: list[str]) -> None:
    mixed = [column for column in groups if column in STRATUM]
    if mixed:
        raise UsageError(
            f"drug and place of service are the mix that payers are compared at; found "
            f"{', '.join(mixed)} in by=. Name the payer there, or use denial_rate_by."
        )


def _cells(lines: pl.LazyFrame, groups: list[str], chosen: Definition) -> pl.LazyFrame:
    """Lines and denied lines of every payer in every stratum, those it has no line in included."""
    is_mature = pl.col("is_mature").fill_null(False)
    counted = (
        lines.filter(chosen.population.fill_null(False) & is_mature)
        .group_by([*groups, *STRATUM])
        .agg(own_lines=pl.len(), own_denied=chosen.is_denied.fill_null(False).sum())
        .with_columns(pl.col("own_lines", "own_denied").cast(pl.Int64))
    )
    strata = counted.group_by(STRATUM).agg(all_lines=pl.col("own_lines").sum())
    grid = counted.select(groups).unique().join(strata, how="cross")
    return grid.join(counted, on=[*groups, *STRATUM], how="left", nulls_equal=True).with_columns(
        pl.col("own_lines", "own_denied").fill_null(0)
    )


def _adjusted(cells: pl.LazyFrame, groups: list[str]) -> pl.LazyFrame:
    """The mean of each payer's own rates, weighted with all payers' lines in its strata."""
    own, everyone = pl.col("own_lines"), pl.col("all_lines")
    # A stratum of many lines where this payer has none stays one: it is left out, not pooled.
    is_pooled = (everyone < LEAST_LINES) | own.is_between(1, LEAST_LINES - 1)
    names = [pl.when(~is_pooled).then(name).alias(name) for name in STRATUM]
    strata = (
        cells.with_columns(*names, is_pooled=is_pooled)
        .group_by([*groups, *STRATUM, "is_pooled"])
        .agg(pl.col("own_lines", "own_denied", "all_lines").sum())
    )
    shared = own > 0
    weight = everyone.filter(shared).sum()
    rate = (pl.col("own_denied") / own * everyone).filter(shared).sum() / weight
    return strata.group_by(groups).agg(
        lines=own.sum(),
        denied=pl.col("own_denied").sum(),
        adjusted_rate=rate,
        shared_share=weight / everyone.sum(),
        strata=shared.sum().cast(pl.Int64),
    )
