"""From contract to what was allowed: a step for each cause, adding up to the cent."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import altair as alt
import polars as pl

from analytics.charts import theme
from analytics.charts.frame import finished
from analytics.measures import require

STEP_HEIGHT = 34
STEP_SIZE = 20
NAMES_WIDTH = 150
TOTAL = "all causes"
NEEDS = ["cause", "lines", "shortfall_usd"]


def cause_waterfall(
    by_cause: pl.DataFrame, *, population: str, period: str, as_of: date
) -> alt.LayerChart:
    """A payer's shortfall as steps, one for each cause, and their sum as the last bar.

    A cause that works against its line's side is a step back. The figures are those of the frame:
    the steps add up to the last bar to the cent.

    Takes    one row per cause, of one group, from `underpayment_causes_by`; `population`, the code
             or drug and payer the lines are of; `period`, in words; `as_of`, the date of the run
    Returns  a chart that shows live and as a picture, without a network
    Raises   MissingColumns, naming the columns
    """
    require(by_cause.lazy(), NEEDS, load_with="analytics.underpayment_causes_by()")
    causes = by_cause.filter(pl.col("shortfall_usd") != 0).rows(named=True)
    total = sum((row["shortfall_usd"] for row in causes), Decimal("0.00"))
    steps = _steps(causes, total)
    return finished(
        _layers(steps),
        kind="Waterfall",
        title=_title(causes, total, population),
        subtitle=f"Dollars allowed below contract by cause, primary lines compared, {period}",
        footer=f"Source: 837 claims and 835 remits, priced at contract terms; as of "
        f"{as_of:%Y-%m-%d}; {sum(row['lines'] for row in causes):,} lines and causes",
        words=[f"{row['name']} {row['label']}" for row in steps.rows(named=True)],
        height=STEP_HEIGHT * steps.height,
    )


def _steps(causes: Sequence[Mapping[str, object]], total: Decimal) -> pl.DataFrame:
    """A row for each cause and one for the sum: where its bar starts and ends, and its label."""
    steps, reached = [], Decimal("0.00")
    for row in causes:
        start, reached = reached, reached + row["shortfall_usd"]
        steps.append(_step(str(row["cause"]), start, reached, is_total=False))
    steps.append(_step(TOTAL, Decimal("0.00"), total, is_total=True))
    return pl.DataFrame(steps)


def _step(name: str, start: Decimal, end: Decimal, *, is_total: bool) -> dict[str, object]:
    return {
        "name": name.replace("_", " "),
        "start": float(start),
        "end": float(end),
        "right": float(max(start, end)),
        "label": f"{'-' if end < start else ''}${abs(end - start):,.2f}",
        "is_total": is_total,
    }


def _title(causes: Sequence[Mapping[str, object]], total: Decimal, population: str) -> str:
    if not causes:
        return f"Nothing was allowed below contract on {population}"
    first = max(causes, key=lambda row: row["shortfall_usd"])
    largest = str(first["cause"]).replace("_", " ")
    of_it = f"${first['shortfall_usd']:,.2f} of it for {largest}"
    return f"{population}: ${total:,.2f} below contract, {of_it}"


def _layers(steps: pl.DataFrame) -> alt.LayerChart:
    ends = [*steps["start"], *steps["end"]]
    scale = alt.Scale(domain=[min(0, *ends), max(1, *ends) * 1.2], nice=False)
    axis = alt.Axis(title="Dollars below contract", format="$,.0f", tickCount=4, grid=False)
    names = alt.Axis(title=None, labelFontSize=13, labelColor=theme.TEXT, labelLimit=NAMES_WIDTH)
    rows = alt.Chart(steps).encode(y=alt.Y("name:N", sort=steps["name"].to_list(), axis=names))
    colour = alt.condition("datum.is_total", alt.value(theme.FOCUS), alt.value(theme.OTHERS))
    return alt.layer(
        rows.mark_bar(size=STEP_SIZE).encode(
            x=alt.X("start:Q", scale=scale, axis=axis),
            x2="end:Q",
            color=colour,
            tooltip=[alt.Tooltip("name:N"), alt.Tooltip("label:N")],
        ),
        rows.mark_text(align="left", dx=6, fontWeight="bold").encode(
            x=alt.X("right:Q", scale=scale), text="label:N"
        ),
    )
