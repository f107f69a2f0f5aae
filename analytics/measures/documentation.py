"""Documentation: what the papers of a drug line show, lack, or leave untold, check by check."""

from collections.abc import Sequence

import polars as pl

from analytics.measures.columns import GAPS_LOADER, column_names, require

RESULTS = ("met", "not_met", "cannot_tell")
NEEDS = ["result", "weight"]


def documentation_by(gaps: pl.LazyFrame, *, by: str | Sequence[str]) -> pl.LazyFrame:
    """How complete the documentation is, per group: checks met, not met and not to be told.

    The score weighs what can be told: weight met over weight met and not met, so what nobody has
    told is neither good nor bad. `cannot_tell_share` says how much of all weight that is: a score
    on little of it says little. Weights are rows of documentation_weights.csv; a check without
    one counts in `met` to `cannot_tell` alone. Group by `check` too for the checks one by one.

    Takes    rows of a line and check, with `result`, `weight` and every column named in `by`
    Returns  one row per group, sorted by `by`: the `by` columns, `met`, `not_met`, `cannot_tell`
             (rows), `met_weight`, `not_met_weight`, `cannot_tell_weight`, `completeness_score`
             (0 to 1, null where nothing weighed can be told) and `cannot_tell_share` (0 to 1, null
             where nothing is weighed)
    Raises   MissingColumns, naming the columns and the loader
    Source   documentation_gaps

    >>> gaps = pl.LazyFrame(
    ...     {
    ...         "payer_id": ["birch"] * 3,
    ...         "result": ["met", "not_met", "cannot_tell"],
    ...         "weight": [3, 1, 4],
    ...     }
    ... )
    >>> scores = documentation_by(gaps, by="payer_id").collect()
    >>> scores.select("completeness_score", "cannot_tell_share").row(0)
    (0.75, 0.5)
    """
    groups = column_names(by)
    require(gaps, [*NEEDS, *groups], load_with=GAPS_LOADER)
    is_result = {result: pl.col("result") == result for result in RESULTS}
    counts = [found.sum().cast(pl.Int64).alias(result) for result, found in is_result.items()]
    weights = [
        pl.col("weight").cast(pl.Int64).filter(found).sum().alias(f"{result}_weight")
        for result, found in is_result.items()
    ]
    told = pl.col("met_weight") + pl.col("not_met_weight")
    return (
        gaps.group_by(groups)
        .agg(*counts, *weights)
        .with_columns(
            completeness_score=_share(pl.col("met_weight"), told),
            cannot_tell_share=_share(
                pl.col("cannot_tell_weight"), told + pl.col("cannot_tell_weight")
            ),
        )
        .sort(groups)
    )


def _share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole)
