"""Denials by class and payer: a cell each, darker where there are more."""

from datetime import date

import altair as alt
import polars as pl

from analytics.charts import theme
from analytics.charts.frame import finished
from analytics.charts.ranked import SMALLEST
from analytics.measures import require

CELL_HEIGHT = 34
NAMES_WIDTH = 190
COLUMNS_HEIGHT = 46


def denial_heat(
    by_class: pl.DataFrame,
    *,
    population: str,
    period: str,
    as_of: date,
    payer: str = "payer_name",
    reason: str = "denial_class",
    count: str = "denied_lines",
    smallest: int = SMALLEST,
) -> alt.LayerChart:
    """Denied lines by reason and payer; a cell of fewer than `smallest` says so, not how many.

    Takes    one row per payer and reason with the count of lines; `population`, the code or drug of
             the lines; `period`, in words; `as_of`, the date of the run
    Returns  a chart that shows live and as a picture, without a network
    Raises   MissingColumns, naming the columns
    """
    require(
        by_class.lazy(), [payer, reason, count], load_with="the lines, grouped by payer and reason"
    )
    cells = by_class.filter(pl.col(count) > 0).select(
        name=pl.col(payer),
        reason=pl.col(reason).str.replace_all("_", " "),
        lines=pl.col(count),
        shown=pl.when(pl.col(count) >= smallest).then(pl.col(count)),
        shade=pl.when(pl.col(count) >= smallest).then(pl.col(count)).otherwise(0),
        label=pl.when(pl.col(count) >= smallest)
        .then(pl.col(count).cast(pl.String))
        .otherwise(pl.lit(f"under {smallest}")),
    )
    reasons = _by_lines(cells, "reason")
    names = _by_lines(cells, "name")
    return finished(
        _layers(cells, reasons, names),
        kind="Heat map",
        title=_title(cells, population, smallest),
        subtitle=f"Denied primary lines by reason and payer, {period}",
        footer=f"Source: 837 claims and 835 remits; as of {as_of:%Y-%m-%d}; "
        f"{cells['lines'].sum():,} denied lines; a cell under {smallest} is not counted out",
        words=[f"{row['name']}, {row['reason']}: {row['label']}" for row in cells.rows(named=True)],
        height=CELL_HEIGHT * max(len(reasons), 1) + COLUMNS_HEIGHT,
    )


def _by_lines(cells: pl.DataFrame, column: str) -> list[str]:
    """The values of a column, those with the most lines first."""
    by_lines = cells.group_by(column).agg(pl.col("lines").sum())
    return by_lines.sort("lines", column, descending=[True, False])[column].to_list()


def _title(cells: pl.DataFrame, population: str, smallest: int) -> str:
    shown = cells.drop_nulls("shown").sort("shown", "name", descending=[True, False])
    if cells.is_empty():
        return f"No {population} line was denied"
    if shown.is_empty():
        return f"No reason and payer share {smallest} denied {population} lines"
    top = shown.row(0, named=True)
    return f"{top['name']} denies {top['lines']:,} {population} lines for {top['reason']}"


def _layers(cells: pl.DataFrame, reasons: list[str], names: list[str]) -> alt.LayerChart:
    down = alt.Axis(title=None, labelFontSize=12, labelColor=theme.TEXT, labelLimit=NAMES_WIDTH)
    across = alt.Axis(title=None, orient="top", labelFontSize=12, labelAngle=-25, labelAlign="left")
    most = max(cells["shown"].drop_nulls().max() or 0, 1)
    base = alt.Chart(cells).encode(
        x=alt.X("name:N", sort=names, axis=across), y=alt.Y("reason:N", sort=reasons, axis=down)
    )
    shade = alt.Scale(domain=[0, most], range=["#EAF2F8", theme.FOCUS])
    told = [alt.Tooltip("name:N"), alt.Tooltip("reason:N"), alt.Tooltip("label:N", title="lines")]
    return alt.layer(
        base.mark_rect(stroke="white", strokeWidth=2).encode(
            color=alt.Color("shade:Q", scale=shade, legend=None), tooltip=told
        ),
        base.mark_text(fontSize=12).encode(
            text="label:N",
            color=alt.condition(
                f"datum.shown > {most * 0.55}", alt.value("white"), alt.value(theme.TEXT)
            ),
        ),
    )
