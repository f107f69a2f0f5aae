"""The trade's two denial tables side by side: KFF's over claims, HFMA's over months and remits."""

from collections.abc import Sequence

import polars as pl

from analytics.measures.columns import column_names
from analytics.measures.denial_definitions import find_definition
from analytics.measures.denials import denial_rate_by
from analytics.measures.line_shares import line_shares

MONTH = "submitted_month"
# Column prefix, definition, style, and what is counted of what, in words.
TOLD = (
    (
        "kff_initial",
        "claim_initial",
        "KFF",
        "claims denied by the payer's first answer / claims it has decided, old enough to count",
    ),
    (
        "kff_final",
        "claim_final",
        "KFF",
        "claims that stand denied today / claims that stand decided, old enough to count",
    ),
    (
        "hfma_claims",
        "hfma_initial_claims",
        "HFMA",
        "claims of the month denied by the first answer / mean of claims submitted in each of the "
        "three months before",
    ),
    (
        "hfma_dollars",
        "hfma_initial_dollars",
        "HFMA",
        "charges of the month's claims denied by the first answer / mean of the charges submitted "
        "in each of the three months before",
    ),
    (
        "hfma_zero_pay",
        "hfma_zero_pay_remits",
        "HFMA",
        "primary remit claims paid 0.00 / all, reversals and repeats apart, of the four weeks "
        "that end with as-of",
    ),
)
FIGURES = ("numerator", "denominator", "rate", "window")
INTERVAL = ("interval_low", "interval_high")


def denial_definitions() -> pl.DataFrame:
    """What each rate of `denial_tables_by` counts, of what, by which date: one row per rate.

    Returns  `columns` (the prefix its columns have), `style`, `definition` (the name that
             `denial_rate_by` takes), `counts`, `of` (lines, claims or remits), `date_basis`,
             `has_interval`

    >>> denial_definitions().filter(style="KFF")["definition"].to_list()
    ['claim_initial', 'claim_final']
    """
    return pl.DataFrame(
        [
            {
                "columns": prefix,
                "style": style,
                "definition": name,
                "counts": counts,
                "of": find_definition(name).of,
                "date_basis": find_definition(name).date_basis,
                "has_interval": find_definition(name).has_maturity,
            }
            for prefix, name, style, counts in TOLD
        ]
    )


def denial_tables_by(
    lines: pl.LazyFrame,
    claims: pl.LazyFrame,
    remits: pl.LazyFrame,
    *,
    by: str | Sequence[str] = "payer_id",
) -> pl.LazyFrame:
    """KFF-style and HFMA-style denial rates of each payer, side by side, never to be mixed.

    `denial_definitions` says what each counts. KFF's is a cohort of claims and has an interval;
    HFMA's hold a month against the three before it and have none. Of HFMA's months the latest
    stands here whose claims are all old enough to have been answered and whose three months before
    all have claims; `denial_rate_by` has every month. Beside them stands what no rate can rest on:
    the shares of primary lines unmatched, unmapped and immature.

    Takes    all billed lines, claims and remit claims of one scope, all with the columns in `by`
    Returns  one row per group, sorted: the `by` columns; for each prefix of `denial_definitions`
             `_numerator`, `_denominator`, `_rate` (0 to 1), `_window`, of KFF's
             `_interval_low` and `_interval_high` too (null where the payer has none);
             `primary_lines`, `unmatched_share`, `unmapped_share`, `immature_share` (0 to 1)
    Raises   MissingColumns, naming the columns and the loader
    Source   claim_line_outcomes, claim_outcomes, remit_claims
    """
    groups = column_names(by)
    frames = {"claims": claims, "remits": remits}
    parts = [
        _of_one_definition(frames[find_definition(name).of], groups, name, prefix)
        for prefix, name, _, _ in TOLD
    ]
    shares = line_shares(lines, groups)
    table = pl.concat([part.select(groups) for part in (*parts, shares)]).unique()
    for part in (*parts, shares):
        table = table.join(part, on=groups, how="left", nulls_equal=True)
    return table.sort(groups)


def _of_one_definition(
    frame: pl.LazyFrame, groups: list[str], definition: str, prefix: str
) -> pl.LazyFrame:
    """The figures of one rate, one row per group, under names of their own."""
    rates = denial_rate_by(frame, by=groups, definition=definition)
    if definition.startswith("hfma_initial"):
        is_whole = (pl.col("immature") == 0) & pl.col("rate").is_not_null()
        rates = (
            rates.filter(is_whole)
            .sort(MONTH)
            .unique(subset=groups, keep="last", maintain_order=True)
        )
    told = [*FIGURES, *(INTERVAL if find_definition(definition).has_maturity else ())]
    return rates.select(*groups, *(pl.col(name).alias(f"{prefix}_{name}") for name in told))
