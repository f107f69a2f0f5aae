"""Payers ranked by one rate: a bar each, the one in focus blue, those with too few lines named."""

from datetime import date

import altair as alt
import polars as pl

from analytics.charts import theme
from analytics.charts.frame import finished
from analytics.charts.ranked import MARK_DROP, SMALLEST, Ranked, paint, ranked_payers

BAR_SIZE = 15


def payer_bars(
    by_payer: pl.DataFrame,
    *,
    population: str,
    period: str,
    as_of: date,
    measure: str = "underpayment_rate",
    payer: str = "payer_name",
    focus: str | None = None,
    smallest: int = SMALLEST,
) -> alt.LayerChart:
    """Payers ranked by a rate, the finding with its figure as the title.

    Nothing is computed but the order: the frame is a measure's result. A payer with fewer lines
    than `smallest`, or without a rate, is named and not drawn. Without `focus` the chart is about
    the payer with the highest rate. For use inside the practice: counts stand beside the bars.

    Takes    one row per payer from `underpayment_by` or `denial_rate_by`; `population`, the code or
             drug of the lines; `period`, in words; `as_of`, the date of the run; `measure`, the
             rate; `payer`, the column with its name; `focus`, a name in it
    Returns  a chart that shows live and as a picture, without a network; `png_of` makes a PNG of it
    Raises   MissingColumns, naming the columns; UsageError for a rate no chart has words for, or a
             focus that is no payer of the frame
    """
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
        kind="Bar chart",
        title=ranked.title,
        subtitle=ranked.subtitle,
        footer=ranked.footer,
        words=ranked.words,
        height=theme.ROW_HEIGHT * max(len(ranked.words), 1),
    )


def _layers(ranked: Ranked) -> alt.LayerChart:
    """Bars from zero, each with its payer above, its figure behind, its dollars at the right."""
    rows = ranked.rows()
    across = ranked.across("rate:Q", ranked.drawn["rate"].drop_nulls().max() or 0)
    told = [alt.Tooltip("name:N"), alt.Tooltip("label:N"), alt.Tooltip("detail:N")]
    return alt.layer(
        rows.mark_bar(size=BAR_SIZE, yOffset=MARK_DROP).encode(
            x=across, color=paint(theme.FOCUS, theme.OTHERS), tooltip=told
        ),
        rows.transform_filter("datum.rate !== null")
        .mark_text(align="left", dx=6, dy=MARK_DROP, fontWeight="bold")
        .encode(x=across, text="label:N", color=paint(theme.FOCUS, theme.TEXT)),
        *ranked.labels(),
    )
