"""Payers ranked by one rate: a bar each, the one in focus blue, those with too few lines named."""

from datetime import date
from textwrap import wrap

import altair as alt
import polars as pl

from analytics.charts import theme
from analytics.charts.findings import Finding, finding_of, percent, title_of
from analytics.charts.renderer import draw_offline
from analytics.errors import UsageError
from analytics.measures import require

SMALLEST = 11
PAYERS_DRAWN = 12

# Points above and below the middle of a payer's row: its name, and its bar.
NAME_RISE = -12
BAR_DROP = 8
BAR_SIZE = 15
FOOTER_DROP = 56


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
    finding = finding_of(measure)
    require(by_payer.lazy(), [payer, measure, finding.count], load_with="the measure of that rate")
    _check_focus(focus, by_payer[payer].to_list())
    ranked = by_payer.sort(measure, payer, descending=[True, False], nulls_last=True)
    has_enough = (pl.col(finding.count) >= smallest) & pl.col(measure).is_not_null()
    rated = ranked.filter(has_enough)
    rows = rated.rows(named=True)
    about = next((row for row in rows if focus in (None, row[payer])), None)
    drawn = _drawn(rated, ranked.filter(~has_enough), finding, payer, about and about[payer])
    draw_offline()
    return _finished(
        _layers(drawn, finding),
        title=title_of(finding, rows, about, payer=payer, population=population),
        subtitle=_subtitle(finding, ranked, period),
        footer=_footer(finding, ranked, rated.height - drawn["rate"].count(), as_of),
        words=drawn["words"].to_list(),
    )


def _check_focus(focus: str | None, payers: list[str]) -> None:
    if focus is not None and focus not in payers:
        raise UsageError(
            f"the chart has no payer {focus!r}; it has {', '.join(map(str, payers)) or 'none'}. "
            "Choose one of these as focus=."
        )


def _drawn(
    rated: pl.DataFrame, too_few: pl.DataFrame, finding: Finding, payer: str, about: str | None
) -> pl.DataFrame:
    """One row per payer as the chart needs it: floats and finished text, bars before names."""
    is_drawn = (pl.int_range(pl.len()) < PAYERS_DRAWN) | pl.col(payer).eq_missing(pl.lit(about))
    bars = [
        {
            "name": row[payer],
            "rate": row[finding.measure],
            "label": percent(row[finding.measure]),
            "detail": finding.detail.format(**row),
            "is_focus": row[payer] == about,
        }
        for row in rated.filter(is_drawn).rows(named=True)
    ]
    named = [
        {
            "name": row[payer],
            "rate": None,
            "label": "too few lines to show" if row[finding.count] else finding.nothing,
            "detail": "",
            "is_focus": False,
        }
        for row in too_few.sort(payer).rows(named=True)
    ]
    schema = {
        "name": pl.String,
        "rate": pl.Float64,
        "label": pl.String,
        "detail": pl.String,
        "is_focus": pl.Boolean,
    }
    return pl.DataFrame([*bars, *named], schema=schema).with_columns(
        words=pl.concat_str("name", "label", "detail", separator=" ").str.strip_chars()
    )


def _layers(drawn: pl.DataFrame, finding: Finding) -> alt.LayerChart:
    """Bars from zero, each with its payer above, its figure behind, its dollars at the right."""
    largest = max(drawn["rate"].drop_nulls().max() or 0, 0.001)
    rows = alt.Chart(drawn).encode(y=alt.Y("name:N", sort=drawn["name"].to_list(), axis=None))
    axis = alt.Axis(title=finding.axis, format="~%", tickCount=4, grid=False, offset=4)
    across = alt.X("rate:Q", axis=axis, scale=alt.Scale(domain=[0, largest * 1.12]))
    bold = {"expr": "datum.is_focus ? 'bold' : 'normal'"}
    return alt.layer(
        rows.mark_bar(size=BAR_SIZE, yOffset=BAR_DROP).encode(
            x=across, color=_paint(theme.FOCUS, theme.OTHERS)
        ),
        rows.mark_text(align="left", dy=NAME_RISE, fontWeight=bold).encode(
            x=alt.value(0), text="name:N"
        ),
        rows.mark_text(align="right", dy=NAME_RISE, color=theme.QUIET, fontSize=12).encode(
            x=alt.value(theme.WIDTH), text="detail:N"
        ),
        rows.transform_filter("datum.rate !== null")
        .mark_text(align="left", dx=6, dy=BAR_DROP, fontWeight="bold")
        .encode(x=across, text="label:N", color=_paint(theme.FOCUS, theme.TEXT)),
        rows.transform_filter("datum.rate === null")
        .mark_text(align="left", dy=BAR_DROP, fontStyle="italic", color=theme.QUIET)
        .encode(x=alt.value(0), text="label:N"),
    )


def _paint(focus: str, others: str) -> dict[str, object]:
    return alt.condition("datum.is_focus", alt.value(focus), alt.value(others))


def _subtitle(finding: Finding, ranked: pl.DataFrame, period: str) -> str:
    # A frame of denial rates names its definition in every row.
    first = ranked.head(1).to_dicts() or [{"definition": "no line"}]
    return finding.subtitle.format(**first[0] | {"period": period})


def _footer(finding: Finding, ranked: pl.DataFrame, left_out: int, as_of: date) -> str:
    lines = ranked[finding.count].sum()
    more = f"; {left_out:,} payers with lower rates not drawn" if left_out > 0 else ""
    return f"Source: {finding.source}; as of {as_of:%Y-%m-%d}; {lines:,} lines{more}"


def _finished(
    layers: alt.LayerChart, *, title: str, subtitle: str, footer: str, words: list[str]
) -> alt.LayerChart:
    """The chart with title, subtitle, footer, size and look, and in words for a screen reader."""
    height = theme.ROW_HEIGHT * max(len(words), 1)
    note = (
        alt.Chart(alt.Data(values=[{}]))
        .mark_text(align="left", baseline="top", color=theme.QUIET, fontSize=11)
        .encode(
            x=alt.value(0),
            y=alt.value(height + FOOTER_DROP),
            text=alt.value(wrap(footer, theme.NOTE_LETTERS)),
        )
    )
    heading = alt.TitleParams(
        wrap(title, theme.TITLE_LETTERS), subtitle=wrap(subtitle, theme.NOTE_LETTERS)
    )
    said = f"Bar chart. {title}. {subtitle}. {'; '.join(words)}. {footer}."
    return (
        alt.layer(layers, note)
        .properties(width=theme.WIDTH, height=height, title=heading, description=said)
        .configure(**theme.theme())
    )
