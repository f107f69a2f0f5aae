"""Payers ranked by one rate: a dot each with the interval chance alone leaves it."""

from datetime import date

import altair as alt
import polars as pl

from analytics.charts import theme
from analytics.charts.frame import finished
from analytics.charts.ranked import MARK_DROP, SMALLEST, Ranked, paint, ranked_payers
from analytics.measures import require

DOT_SIZE = 110


def payer_dots(
    by_payer: pl.DataFrame,
    *,
    population: str,
    period: str,
    as_of: date,
    measure: str = "denial_rate",
    payer: str = "payer_name",
    focus: str | None = None,
    smallest: int = SMALLEST,
) -> alt.LayerChart:
    """Payers ranked by a rate, each with its 95% interval, the finding as the title.

    A payer with fewer lines than `smallest`, or without a rate, is named and not drawn. Where two
    intervals overlap widely, the order of the two payers may be chance.

    Takes    one row per payer with `interval_low` and `interval_high` beside the rate, such as of
             `denial_rate_by`; the other arguments are those of `payer_bars`
    Returns  a chart that shows live and as a picture, without a network; `png_of` makes a PNG of it
    Raises   MissingColumns, naming the columns; UsageError for a rate no chart has words for, or a
             focus that is no payer of the frame
    """
    bounds = ["interval_low", "interval_high"]
    require(by_payer.lazy(), bounds, load_with="analytics.denial_rate_by()")
    ranked = ranked_payers(
        by_payer,
        population=population,
        period=period,
        as_of=as_of,
        measure=measure,
        payer=payer,
        focus=focus,
        smallest=smallest,
    )
    return finished(
        _layers(ranked),
        kind="Dot plot with intervals",
        title=ranked.title,
        subtitle=f"{ranked.subtitle}; lines are 95% intervals",
        footer=ranked.footer,
        words=ranked.words,
        height=theme.ROW_HEIGHT * max(len(ranked.words), 1),
    )


def _layers(ranked: Ranked) -> alt.LayerChart:
    rows = ranked.rows()
    largest = ranked.drawn["high"].drop_nulls().max() or 0
    at, low, high = (ranked.across(column, largest) for column in ("rate:Q", "low:Q", "high:Q"))
    told = [alt.Tooltip("name:N"), alt.Tooltip("label:N"), alt.Tooltip("detail:N")]
    colour = paint(theme.FOCUS, theme.OTHERS)
    return alt.layer(
        rows.mark_rule(strokeWidth=4, yOffset=MARK_DROP, y2Offset=MARK_DROP, opacity=0.45).encode(
            x=low, x2=alt.X2("high:Q"), color=colour
        ),
        rows.mark_point(size=DOT_SIZE, filled=True, opacity=1, yOffset=MARK_DROP).encode(
            x=at, color=colour, tooltip=told
        ),
        rows.transform_filter("datum.rate !== null")
        .mark_text(align="left", dx=8, dy=MARK_DROP, fontWeight="bold")
        .encode(x=high, text="label:N", color=paint(theme.FOCUS, theme.TEXT)),
        *ranked.labels(),
    )
