"""Small numbers: counts of 1 to 10 may point at a person and are merged before they are shown."""

from collections.abc import Sequence

import polars as pl

from analytics.measures.columns import require

OTHER = "other"
LARGEST_SMALL = 10


def hide_small_cells(
    table: pl.LazyFrame, *, group: str, part: str, whole: str, sums: Sequence[str] = ()
) -> pl.LazyFrame:
    """The table with its small groups merged into `other`: totals tie, nothing can be read back.

    A group is small when its part, its complement (whole less part) or its whole is 1 to 10. While
    the merged groups are small together, the next smallest joins them, so that the total less the
    rows shown is no small cell either. If all groups together are small, one row `other` without
    figures is left. For tables of one dimension only: the same lines shown cut two ways can be set
    against each other.

    Takes    one row per group, a text, with the counts `part` and `whole` (denied and adjudicated
             lines) and the further columns to add up, `sums`
    Returns  sorted by `group`, `other` last: `group`, `part`, `whole`, `sums`; a rate is made after
    Raises   MissingColumns, naming the columns
    Source   CMS cell size suppression policy: no cell of 1 to 10, none that can be derived

    >>> rates = pl.LazyFrame({"payer": ["A", "B"], "denied": [3, 12], "lines": [15, 60]})
    >>> hide_small_cells(rates, group="payer", part="denied", whole="lines").collect().rows()
    [('other', 15, 75)]
    """
    figures = [part, whole, *sums]
    require(table, [group, *figures], load_with="the measure that makes these counts")
    is_small = _is_small(pl.col(part), pl.col(whole))
    is_merged = pl.col("is_merged")
    return (
        _with_merged(table.select(group, *figures), group, part, whole)
        .with_columns(pl.when(is_merged).then(pl.lit(OTHER)).otherwise(group).alias(group))
        .group_by(group, "is_merged")
        .agg(pl.col(figures).sum())
        .with_columns(pl.when(~(is_merged & is_small)).then(pl.col(figures)))
        .sort("is_merged", group)
        .drop("is_merged")
    )


def _with_merged(table: pl.LazyFrame, group: str, part: str, whole: str) -> pl.LazyFrame:
    """Whether each row goes into `other`: the small ones and as many more as hide them."""
    is_small = _is_small(pl.col(part), pl.col(whole))
    hides = ~_is_small(pl.col(part).cum_sum(), pl.col(whole).cum_sum())
    place, smalls = pl.int_range(1, pl.len() + 1), is_small.sum()
    enough = place.filter(hides & (place >= smalls)).min().fill_null(pl.len())
    return table.sort(~is_small, part, whole, group).with_columns(
        is_merged=(smalls > 0) & (place <= enough)
    )


def _is_small(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    cells = (part, whole, whole - part)
    return pl.any_horizontal(cell.is_between(1, LARGEST_SMALL) for cell in cells)
