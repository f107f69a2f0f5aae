"""A rate month by month, with the interval chance alone leaves it."""

from datetime import date

import altair as alt
import polars as pl

from analytics.charts import theme
from analytics.charts.findings import Finding, finding_of, percent
from analytics.charts.frame import finished
from analytics.charts.ranked import SMALLEST
from analytics.measures import require

HEIGHT = 230
DOT_SIZE = 60


def monthly_rate(
    by_month: pl.DataFrame,
    *,
    population: str,
    period: str,
    as_of: date,
    measure: str = "denial_rate",
    month: str = "month",
    smallest: int = SMALLEST,
) -> alt.LayerChart:
    """One rate over the months, its 95% interval as a band where the frame has one.

    A month with fewer lines than `smallest`, or without a rate, breaks the line and is counted in
    the footer.

    Takes    one row per month with `month` (a date), the rate and its count, `interval_low` and
             `interval_high` where there are any; `population`, the code or drug and payer of the
             lines; `period`, in words; `as_of`, the date of the run
    Returns  a chart that shows live and as a picture, without a network
    Raises   MissingColumns, naming the columns; UsageError for a rate no chart has words for
    """
    finding = finding_of(measure)
    require(by_month.lazy(), [month, measure, finding.count], load_with="the measure of that rate")
    has_enough = (pl.col(finding.count) >= smallest) & pl.col(measure).is_not_null()
    bounds = [name for name in ("interval_low", "interval_high") if name in by_month.columns]
    points = by_month.sort(month).select(
        month=pl.col(month).cast(pl.Date),
        rate=pl.when(has_enough).then(pl.col(measure)),
        low=pl.when(has_enough).then(pl.col(bounds[0] if len(bounds) == 2 else measure)),
        high=pl.when(has_enough).then(pl.col(bounds[1] if len(bounds) == 2 else measure)),
        lines=pl.col(finding.count),
    )
    rated = points.drop_nulls("rate")
    left_out = points.height - rated.height
    more = f"; {left_out} months have too few lines to show" if left_out else ""
    return finished(
        _layers(_with_words(points), finding.axis),
        kind="Monthly line",
        title=_title(rated, finding, population),
        subtitle=finding.subtitle.format(
            period=period, **(by_month.head(1).to_dicts() or [{"definition": "no line"}])[0]
        ),
        footer=f"Source: {finding.source}; as of {as_of:%Y-%m-%d}; "
        f"{points['lines'].sum():,} lines{more}",
        words=_with_words(rated)["words"].to_list(),
        height=HEIGHT,
    )


def _with_words(points: pl.DataFrame) -> pl.DataFrame:
    words = [
        f"{row['month']:%Y-%m} {percent(row['rate'])} of {row['lines']:,} lines"
        if row["rate"] is not None
        else f"{row['month']:%Y-%m} too few lines to show"
        for row in points.rows(named=True)
    ]
    return points.with_columns(words=pl.Series(words, dtype=pl.String))


def _title(rated: pl.DataFrame, finding: Finding, population: str) -> str:
    if rated.is_empty():
        return f"Too few {population} lines in any month to show a rate"
    if not rated["rate"].sum():
        return finding.nobody.format(population=population)
    last, top = rated.row(-1, named=True), rated.sort("rate").row(-1, named=True)
    return finding.monthly.format(
        population=population,
        rate=percent(last["rate"]),
        month=f"{last['month']:%B %Y}",
        top=percent(top["rate"]),
        top_month=f"{top['month']:%B %Y}",
    )


def _layers(points: pl.DataFrame, axis_title: str) -> alt.LayerChart:
    largest = max(points["high"].drop_nulls().max() or 0, 0.001)
    axis = alt.Axis(title=axis_title, format="~%", tickCount=4)
    scale = alt.Scale(domain=[0, largest * 1.12], nice=False)
    months = alt.X(
        "month:T", axis=alt.Axis(title=None, format="%b %y", grid=False, labelOverlap=True)
    )
    base = alt.Chart(points).encode(x=months)
    rate = alt.Y("rate:Q", axis=axis, scale=scale)
    return alt.layer(
        base.mark_area(color=theme.OTHERS, opacity=0.4).encode(
            y=alt.Y("low:Q", axis=axis, scale=scale), y2="high:Q"
        ),
        base.mark_line(color=theme.FOCUS, strokeWidth=2.5).encode(y=rate),
        base.mark_point(color=theme.FOCUS, filled=True, size=DOT_SIZE, opacity=1).encode(
            y=rate, tooltip=[alt.Tooltip("words:N", title="month")]
        ),
    )
