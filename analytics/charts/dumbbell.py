"""What a unit was allowed at against what the contract says, payer by payer."""

from datetime import date
from decimal import Decimal

import altair as alt
import polars as pl

from analytics.charts import theme
from analytics.charts.frame import finished
from analytics.charts.ranked import SMALLEST
from analytics.measures import require

ROW_HEIGHT = 46
DOT_SIZE = 110
NEEDS = ["contract_price", "allowed_price", "lines"]


def price_dumbbell(
    by_payer: pl.DataFrame,
    *,
    population: str,
    period: str,
    as_of: date,
    payer: str = "payer_name",
    smallest: int = SMALLEST,
) -> alt.LayerChart:
    """A unit's contract price and its allowed price for each payer, joined by a line.

    Takes    one row per payer with `contract_price` and `allowed_price` (USD a unit; null where
             there is none) and `lines`; payers with fewer than `smallest` are not drawn;
             `population`, the code or drug; `period`, in words; `as_of`, the date of the run
    Returns  a chart that shows live and as a picture, without a network
    Raises   MissingColumns, naming the columns
    """
    require(by_payer.lazy(), [payer, *NEEDS], load_with="the lines' dollars over their units")
    priced = (
        by_payer.drop_nulls(["contract_price", "allowed_price"])
        .filter(pl.col("lines") >= smallest)
        .with_columns(gap=pl.col("contract_price") - pl.col("allowed_price"))
    )
    rows = [
        _row(row, payer)
        for row in priced.sort("gap", payer, descending=[True, False]).rows(named=True)
    ]
    left_out = by_payer.height - priced.height
    why = f"without a price to compare, or with fewer than {smallest} lines"
    more = f"; {left_out} payers {why}, not drawn" if left_out else ""
    return finished(
        _layers(rows),
        kind="Dumbbell chart",
        title=_title(rows, population),
        subtitle=f"Allowed (blue) and contract price (grey) of a unit, lines compared, {period}",
        footer=f"Source: 837 claims and 835 remits, priced at contract terms; as of "
        f"{as_of:%Y-%m-%d}; {priced['lines'].sum():,} lines{more}",
        words=[f"{row['name']} {row['detail']}" for row in rows],
        height=ROW_HEIGHT * max(len(rows), 1),
    )


def _row(row: dict[str, object], payer: str) -> dict[str, object]:
    return {
        "name": row[payer],
        "contract": float(row["contract_price"]),
        "allowed": float(row["allowed_price"]),
        "gap": row["gap"],
        "detail": f"${row['allowed_price']:,.2f} against ${row['contract_price']:,.2f}, "
        f"{row['lines']:,} lines",
    }


def _title(rows: list[dict[str, object]], population: str) -> str:
    if not rows:
        return f"No payer has a {population} price to compare"
    if rows[0]["gap"] < Decimal("0.005"):
        return f"No payer allows less than its contract price for {population}"
    return (
        f"{rows[0]['name']} allows ${rows[0]['gap']:,.2f} a unit less than contract on {population}"
    )


def _layers(rows: list[dict[str, object]]) -> alt.LayerChart:
    shown = [{name: row[name] for name in row if name != "gap"} for row in rows]
    prices = [row[end] for row in rows for end in ("contract", "allowed")] or [0.0, 1.0]
    room = max((max(prices) - min(prices)) * 0.15, max(prices) * 0.02)
    scale = alt.Scale(domain=[max(min(prices) - room, 0), max(prices) + room], nice=False)
    axis = alt.Axis(
        title="USD a unit; the axis does not begin at zero", format="$,.2f", tickCount=4, grid=False
    )
    names = [row["name"] for row in rows]
    base = alt.Chart(alt.Data(values=shown)).encode(y=alt.Y("name:N", sort=names, axis=None))
    contract = alt.X("contract:Q", scale=scale, axis=axis)
    return alt.layer(
        base.mark_rule(strokeWidth=3, color=theme.LINE, yOffset=8, y2Offset=8).encode(
            x=contract, x2="allowed:Q"
        ),
        base.mark_point(
            size=DOT_SIZE, filled=True, opacity=1, yOffset=8, color=theme.OTHERS
        ).encode(x=contract),
        base.mark_point(size=DOT_SIZE, filled=True, opacity=1, yOffset=8, color=theme.FOCUS).encode(
            x=alt.X("allowed:Q", scale=scale),
            tooltip=[alt.Tooltip("name:N"), alt.Tooltip("detail:N")],
        ),
        base.mark_text(align="left", dy=-10).encode(x=alt.value(0), text="name:N"),
        base.mark_text(align="right", dy=-10, color=theme.QUIET, fontSize=12).encode(
            x=alt.value(theme.WIDTH), text="detail:N"
        ),
    )
