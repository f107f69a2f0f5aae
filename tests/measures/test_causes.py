"""Dollars by cause: never netted between lines, whole within one, in the order of the ladder."""

from decimal import Decimal

import polars as pl
import pytest

from analytics.measures import MissingColumns, underpayment_causes_by
from analytics.measures.causes import LADDER

MONEY = pl.Decimal(18, 2)


def a_cause(cause: str, short: str = "0.00", over: str = "0.00", **changes: object) -> dict:
    """One row of a line of Birch; dollars short, else dollars over."""
    row = {"claim_id": "C1", "line_number": 1, "payer_id": "birch", "payer_rank": "primary"}
    dollars = {"shortfall_usd": Decimal(short), "overpaid_usd": Decimal(over)}
    return row | {"cause": cause} | dollars | changes


def table_of(*rows: dict, by: str | list[str] = "payer_id") -> pl.DataFrame:
    frame = pl.LazyFrame(rows, schema_overrides={"shortfall_usd": MONEY, "overpaid_usd": MONEY})
    return underpayment_causes_by(frame, by=by).collect()


def test_an_overpaid_line_never_offsets_a_short_one_of_the_same_cause():
    table = table_of(
        a_cause("superseded_term", "2.48"),
        a_cause("superseded_term", over="5.17", claim_id="C2"),
    )
    row = table.row(0, named=True)
    assert (row["lines"], row["shortfall_usd"], row["overpaid_usd"]) == (
        2, Decimal("2.48"), Decimal("5.17"),
    )  # fmt: skip


def test_a_cause_that_works_against_its_line_stays_with_it():
    table = table_of(a_cause("units_reduced", "7.43"), a_cause("superseded_term", "-4.60"))
    assert table["shortfall_usd"].sum() == Decimal("2.83")
    assert table["overpaid_usd"].sum() == Decimal("0.00")


def test_causes_stand_in_the_order_they_are_looked_for():
    rows = [a_cause(cause, "1.00", claim_id=cause) for cause in sorted(LADDER)]
    assert tuple(table_of(*rows)["cause"]) == LADDER


def test_shares_of_a_group_are_of_its_own_shortfall():
    table = table_of(
        a_cause("rounding", "1.00"),
        a_cause("unexplained", "3.00", claim_id="C2"),
        a_cause("unexplained", "5.00", payer_id="alder"),
        a_cause("rounding", over="1.00", payer_id="cedar"),
    )
    shares = table.select("payer_id", "cause", "shortfall_share").rows()
    assert shares == [
        ("alder", "unexplained", 1.0),
        ("birch", "rounding", 0.25),
        ("birch", "unexplained", 0.75),
        ("cedar", "rounding", None),
    ]


def test_naming_the_cause_in_by_changes_nothing():
    row = a_cause("rounding", "1.00")
    assert table_of(row, by=["cause", "payer_id"]).equals(table_of(row))


def test_causes_of_everything_together_need_no_group():
    table = table_of(a_cause("rounding", "1.00"), a_cause("unexplained", "3.00"), by=[])
    assert table["shortfall_share"].to_list() == [0.25, 0.75]


def test_missing_column_names_the_loader():
    with pytest.raises(MissingColumns, match=r"missing .*cause.*load_underpayment_causes"):
        underpayment_causes_by(pl.LazyFrame([{"payer_id": "birch"}]), by="payer_id").collect()
