"""A unit's price is dollars over units in decimals, of lines that can be compared, to the cent."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

import analytics
from analytics.measures import MissingColumns


def a_line(**changes: object) -> dict[str, object]:
    line: dict[str, object] = {
        "hcpcs": "J1324",
        "billed_units": Decimal("3.000"),
        "expected_allowed_usd": Decimal("100.00"),
        "allowed_usd": Decimal("90.00"),
        "gap_usd": Decimal("10.00"),
    }
    return line | changes


def prices(*lines: dict[str, object]) -> pl.DataFrame:
    frame = pl.LazyFrame(list(lines), schema_overrides={"gap_usd": pl.Decimal(18, 2)})
    return analytics.unit_prices_by(frame, by="hcpcs").collect()


def test_price_is_dollars_over_units():
    found = prices(a_line(), a_line(billed_units=Decimal("4.000"))).row(0, named=True)
    assert found["lines"] == 2
    assert found["contract_price"] == Decimal("28.5714")
    assert found["allowed_price"] == Decimal("25.7143")


def test_lines_that_cannot_be_compared_or_have_no_units_are_left_out():
    lines = [a_line(), a_line(gap_usd=None), a_line(billed_units=Decimal("0.000"))]
    assert prices(*lines)["lines"].item() == 1


def test_missing_column_is_named_with_its_loader():
    with pytest.raises(MissingColumns, match=r"missing billed_units.*load_drug_line_outcomes"):
        analytics.unit_prices_by(pl.LazyFrame([a_line()]).drop("billed_units"), by="hcpcs")


def test_units_times_prices_come_back_to_the_dollars_of_the_sample(sample_run: Path):
    lines = analytics.load_drug_line_outcomes(data=sample_run)
    by_code = analytics.unit_prices_by(lines, by=["payer_id", "hcpcs"]).collect()
    dollars = analytics.underpayment_by(lines, by=["payer_id", "hcpcs"]).collect()
    both = by_code.join(dollars, on=["payer_id", "hcpcs"])
    assert both.height == by_code.height > 0
    for row in both.rows(named=True):
        # Four decimals of a price, at most half of the last one off for each unit.
        within = row["billed_units"] * Decimal("0.00005") + Decimal("0.01")
        assert abs(row["billed_units"] * row["allowed_price"] - row["allowed_usd"]) <= within
