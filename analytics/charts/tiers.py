"""Missed waste as bars, by the strength of its evidence."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import altair as alt
import polars as pl

from analytics.charts import theme
from analytics.charts.frame import finished
from analytics.measures import require

TIER_HEIGHT = 48
TIERS = {
    "A": "A: administration record",
    "B": "B: vials the NDC quantity names",
    "C": "C: smallest set of vials, a lead only",
}


def waste_by_tier(
    by_tier: pl.DataFrame, *, population: str, period: str, as_of: date
) -> alt.LayerChart:
    """Missed waste by evidence, a bar for each tier; the tiers are never added.

    Takes    one row per `vial_evidence` with `treatments` and `leakage_usd`, from
             `waste_leakage_by(ledger, by=[])` or of one payer; `population`, the code or drug;
             `period`, in words; `as_of`, the date of the run
    Returns  a chart that shows live and as a picture, without a network
    Raises   MissingColumns, naming the columns
    """
    needs = ["vial_evidence", "treatments", "leakage_usd"]
    require(by_tier.lazy(), needs, load_with="analytics.waste_leakage_by()")
    found = {row["vial_evidence"]: row for row in by_tier.rows(named=True)}
    rows = [_tier_row(words, found.get(tier)) for tier, words in TIERS.items()]
    treatments = sum(row["treatments"] for row in rows)
    return finished(
        _tier_layers(rows),
        kind="Bar chart",
        title=_tier_title(found, population),
        subtitle=f"Units of discarded drug nobody billed, at the payer's price, {period}",
        footer=f"Source: 837 claims, 835 remits and administration records; as of "
        f"{as_of:%Y-%m-%d}; {treatments:,} treatments; tiers are not added",
        words=[f"{row['name']} {row['label']} {row['detail']}" for row in rows],
        height=TIER_HEIGHT * len(rows),
    )


def _tier_row(words: str, row: dict[str, object] | None) -> dict[str, object]:
    dollars = row["leakage_usd"] if row else Decimal("0.00")
    treatments = row["treatments"] if row else 0
    return {
        "name": words,
        "dollars": float(dollars),
        "label": f"${dollars:,.2f}",
        "detail": f"{treatments:,} treatments",
        "treatments": treatments,
        "is_proof": not words.startswith("C"),
    }


def _tier_title(found: dict[str, dict[str, object]], population: str) -> str:
    proven = [(tier, found[tier]["leakage_usd"]) for tier in ("A", "B") if tier in found]
    told = [f"${usd:,.2f} on evidence {tier}" for tier, usd in proven if usd]
    if told:
        return f"{population} waste nobody billed: {' and '.join(told)}"
    return f"No {population} waste went unbilled on evidence A or B"


def _tier_layers(rows: Sequence[dict[str, object]]) -> alt.LayerChart:
    largest = max(max(row["dollars"] for row in rows), 1)
    names = [row["name"] for row in rows]
    base = alt.Chart(alt.Data(values=list(rows))).encode(y=alt.Y("name:N", sort=names, axis=None))
    axis = alt.Axis(title="Dollars not billed", format="$,.0f", tickCount=4, grid=False)
    across = alt.X("dollars:Q", axis=axis, scale=alt.Scale(domain=[0, largest * 1.25], nice=False))
    colour = alt.condition("datum.is_proof", alt.value(theme.FOCUS), alt.value(theme.OTHERS))
    return alt.layer(
        base.mark_bar(size=13, yOffset=8).encode(
            x=across, color=colour, tooltip=[alt.Tooltip("label:N"), alt.Tooltip("detail:N")]
        ),
        base.mark_text(align="left", dy=-10).encode(x=alt.value(0), text="name:N"),
        base.mark_text(align="right", dy=-10, color=theme.QUIET, fontSize=12).encode(
            x=alt.value(theme.WIDTH), text="detail:N"
        ),
        base.mark_text(align="left", dx=6, dy=8, fontWeight="bold").encode(
            x=across, text="label:N"
        ),
    )
