"""Every chart form says its finding in ink, draws every row it is given, and hides small ones."""

from datetime import date
from decimal import Decimal
from typing import Any

import altair as alt
import polars as pl
import pytest

from analytics import charts
from analytics.charts import theme
from analytics.measures import MissingColumns
from tests.charts.drawn import marks, texts

AS_OF = date(2026, 3, 31)
WORDS = {"population": "J1324", "period": "service dates 2026", "as_of": AS_OF}


def a_rate(name: str, rate: float | None, lines: int = 40) -> dict[str, Any]:
    return {
        "payer_name": name,
        "month": date(2026, 1 + lines % 3, 1),
        "definition": "line_initial",
        "denied_lines": 4,
        "adjudicated_lines": lines,
        "denial_rate": rate,
        "interval_low": rate and rate / 2,
        "interval_high": rate and rate * 2,
    }


def a_cause(cause: str, usd: str) -> dict[str, Any]:
    return {"cause": cause, "lines": 3, "shortfall_usd": Decimal(usd)}


def a_class(name: str, reason: str, lines: int) -> dict[str, Any]:
    return {"payer_name": name, "denial_class": reason, "denied_lines": lines}


def a_price(name: str, contract: str | None, allowed: str | None, lines: int) -> dict[str, Any]:
    prices = (price and Decimal(price) for price in (contract, allowed))
    return dict(zip(("contract_price", "allowed_price"), prices, strict=True)) | {
        "payer_name": name,
        "lines": lines,
    }


def dots(*payers: dict[str, Any]) -> alt.LayerChart:
    return charts.payer_dots(pl.DataFrame(list(payers)), **WORDS)


def waterfall(*causes: dict[str, Any]) -> alt.LayerChart:
    schema = {"cause": pl.String, "lines": pl.Int64, "shortfall_usd": pl.Decimal(18, 2)}
    return charts.cause_waterfall(pl.DataFrame(list(causes), schema=schema), **WORDS)


def test_dots_rank_payers_and_draw_one_dot_and_one_interval_each():
    chart = dots(a_rate("Ash", 0.05), a_rate("Birch", 0.125), a_rate("Elm", 0.9, lines=10))
    said = texts(chart)
    assert "Birch denies 12.5% of its J1324 lines" in said
    assert "lines are 95% intervals" in said
    assert "too few lines to show" in said
    assert "90.0%" not in said
    assert len(marks(chart, "point")) == 2


def test_dots_refuse_a_frame_without_intervals():
    with pytest.raises(MissingColumns, match="interval_low"):
        charts.payer_dots(pl.DataFrame([a_rate("Ash", 0.1)]).drop("interval_low"), **WORDS)


def test_waterfall_says_every_cause_and_their_sum_to_the_cent():
    chart = waterfall(a_cause("units_reduced", "100.10"), a_cause("rounding", "-0.03"))
    said = texts(chart)
    assert "J1324: $100.07 below contract, $100.10 of it for units reduced" in said
    for label in ("$100.10", "-$0.03", "$100.07", "all causes"):
        assert label in said.splitlines()
    assert marks(chart, "bar") == [theme.OTHERS, theme.OTHERS, theme.FOCUS]


def test_waterfall_of_nothing_says_so():
    assert "Nothing was allowed below contract on J1324" in texts(waterfall())


def test_months_draw_those_with_enough_lines_and_count_the_rest():
    by_month = pl.DataFrame([a_rate("", 0.1, 30), a_rate("", 0.2, 31), a_rate("", 0.9, 2)])
    chart = charts.monthly_rate(by_month, **WORDS)
    said = texts(chart)
    assert "J1324: 20.0% denied in February 2026, at most 20.0% (February 2026)" in said
    assert "63 lines; 1 months have too few lines to show" in said
    assert len(marks(chart, "point")) == 2


def test_months_without_enough_lines_say_so():
    chart = charts.monthly_rate(pl.DataFrame([a_rate("", 0.1, 3)]), **WORDS)
    assert "Too few J1324 lines in any month to show a rate" in texts(chart)


def test_heat_map_draws_every_cell_and_hides_how_many_are_in_a_small_one():
    rows = [a_class("Ash", "prior_authorization", 40), a_class("Birch", "ndc", 10)]
    chart = charts.denial_heat(pl.DataFrame(rows), **WORDS)
    said = texts(chart)
    assert "Ash denies 40 J1324 lines for prior authorization" in said
    assert "under 11" in said
    assert "10" not in said.splitlines()
    assert len(marks(chart, "rect mark")) == len(rows)


def test_heat_map_of_small_cells_alone_names_nobody_in_its_title():
    chart = charts.denial_heat(pl.DataFrame([a_class("Birch", "ndc", 3)]), **WORDS)
    assert "No reason and payer share 11 denied J1324 lines" in texts(chart)


def test_tiers_stand_apart_and_theory_is_never_in_the_title():
    tiers = {"A": "10.00", "C": "99.00"}
    by_tier = pl.DataFrame(
        [
            {"vial_evidence": tier, "treatments": 4, "leakage_usd": Decimal(usd)}
            for tier, usd in tiers.items()
        ]
    )
    chart = charts.waste_by_tier(by_tier, **WORDS)
    said = texts(chart)
    assert "J1324 waste nobody billed: $10.00 on evidence A" in said
    assert "$109.00" not in said
    assert {"$10.00", "$0.00", "$99.00"} <= set(said.splitlines())
    assert marks(chart, "bar") == [theme.FOCUS, theme.FOCUS, theme.OTHERS]


def test_dumbbell_says_both_prices_and_leaves_small_and_unpriced_payers_out():
    rows = [
        a_price("Ash", "152.65", "150.00", 40),
        a_price("Birch", "152.65", "152.65", 30),
        a_price("Elm", None, "9.00", 30),
        a_price("Fir", "99.00", "9.00", 10),
    ]
    chart = charts.price_dumbbell(pl.DataFrame(rows), **WORDS)
    said = texts(chart)
    assert "Ash allows $2.65 a unit less than contract on J1324" in said
    assert "$150.00 against $152.65, 40 lines" in said
    assert "2 payers without a price to compare, or with fewer than 11 lines, not drawn" in said
    assert "Fir" not in said
    assert len(marks(chart, "point")) == 4


def test_every_chart_is_told_in_words_too():
    chart = waterfall(a_cause("recoded", "7.00"))
    assert chart.description.startswith("Waterfall. J1324: $7.00 below contract")
    assert "recoded $7.00" in chart.description


def test_long_payer_names_fit_into_the_picture():
    name = "The Very Long Name Of A Regional Health Maintenance Organization Of Two States"
    chart = dots(a_rate(name, 0.125))
    assert name in texts(chart)
