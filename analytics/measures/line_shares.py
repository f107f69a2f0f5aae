"""What stands beside every denial rate: the share of lines nothing sure can be said of."""

import polars as pl

from analytics.measures.columns import LINES_LOADER, require

UNMAPPED = "unmapped"
NEEDS = ["payer_rank", "is_mature", "billed_basis", "match_method"]
CLASSES = ["denial_class", "initial_denial_class"]
SHARES = ["primary_lines", "unmatched_share", "unmapped_share", "immature_share"]


def line_shares(lines: pl.LazyFrame, groups: list[str]) -> pl.LazyFrame:
    """How many primary lines each group has, and which shares of them no rate can rest on.

    `unmatched_share` is of lines that no remit line answers, and of remit lines that answer no
    claim line; `unmapped_share` of lines denied, first or now, for a reason nobody has named
    (nothing allowed and no reason told, among them); `immature_share` of lines too young to count.
    A line may be in several. All are fractions of `primary_lines`, answered or not.

    Takes    rows of lines, with every column of `groups`
    Returns  one row per group: the columns of `groups`, `primary_lines` and the three shares
    Raises   MissingColumns, naming the columns and the loader
    """
    require(lines, [*NEEDS, *CLASSES, *groups], load_with=LINES_LOADER)
    is_unmatched = (pl.col("billed_basis") == "remit_only") | pl.col("match_method").is_null()
    is_unmapped = pl.any_horizontal(pl.col(column) == UNMAPPED for column in CLASSES)
    return (
        lines.filter(pl.col("payer_rank") == "primary")
        .group_by(groups)
        .agg(
            primary_lines=pl.len(),
            unmatched_share=is_unmatched.fill_null(False).mean(),
            unmapped_share=is_unmapped.fill_null(False).mean(),
            immature_share=(~pl.col("is_mature").fill_null(False)).mean(),
        )
    )


def with_line_shares(rates: pl.LazyFrame, lines: pl.LazyFrame, groups: list[str]) -> pl.LazyFrame:
    """The rates with the shares of their lines behind; null where the lines do not tell them."""
    told = lines.collect_schema().names()
    if not {*NEEDS, *CLASSES, *groups}.issubset(told):
        return rates.with_columns(
            pl.lit(None, pl.UInt32).alias(SHARES[0]),
            *(pl.lit(None, pl.Float64).alias(share) for share in SHARES[1:]),
        )
    shares = line_shares(lines, groups)
    if not groups:
        return rates.join(shares, how="cross")
    return rates.join(shares, on=groups, how="left", nulls_equal=True, maintain_order="left")
