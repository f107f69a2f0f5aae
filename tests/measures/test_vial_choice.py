"""Vial choice: what was opened beyond the least-waste set, tiers apart, at the practice's cost."""

from decimal import Decimal

import polars as pl
import pytest

from analytics.measures import MissingColumns, vial_choice_by

SCHEMA = {
    "drug": pl.String,
    "vial_evidence": pl.String,
    "actual_vial_mg": pl.Decimal(18, 6),
    "least_waste_mg": pl.Decimal(18, 6),
    "avoidable_units": pl.Decimal(18, 3),
    "avoidable_cost_usd": pl.Decimal(18, 2),
}
OPENED = ("infliximab", "B", "400", "300", "10", "210.00")
WELL_CHOSEN = ("infliximab", "B", "300", "300", "0", "0.00")
ON_RECORD = ("infliximab", "A", "400", "300", "10", "210.00")
UNCOSTED = ("infliximab", "B", "500", "300", "20", None)
WELL_CHOSEN_UNCOSTED = ("infliximab", "B", "300", "300", "0", None)
THEORY = ("infliximab", "C", None, "300", None, None)
NOT_BILLABLE = ("infliximab", None, None, None, None, None)


def ledger_of(*treatments: tuple[str | None, ...]) -> pl.LazyFrame:
    rows = [
        [
            Decimal(cell) if kind.is_decimal() and cell is not None else cell
            for cell, kind in zip(treatment, SCHEMA.values(), strict=True)
        ]
        for treatment in treatments
    ]
    return pl.LazyFrame(rows, schema=SCHEMA, orient="row")


def choice_of(*treatments: tuple[str | None, ...]) -> pl.DataFrame:
    return vial_choice_by(ledger_of(*treatments), by="drug").collect()


def test_vials_and_their_least_set_add_up_per_group():
    row = choice_of(OPENED, WELL_CHOSEN).row(0, named=True)
    assert (row["treatments"], row["avoidable_treatments"]) == (2, 1)
    assert (row["actual_vial_mg"], row["least_waste_mg"]) == (Decimal(700), Decimal(600))
    assert (row["avoidable_units"], row["avoidable_cost_usd"]) == (Decimal(10), Decimal("210.00"))


def test_tiers_of_evidence_are_never_added():
    table = choice_of(OPENED, ON_RECORD)
    assert table.select("vial_evidence", "avoidable_units").rows() == [
        ("A", Decimal(10)),
        ("B", Decimal(10)),
    ]


def test_vials_nobody_named_are_left_out():
    assert choice_of(THEORY, NOT_BILLABLE).is_empty()
    assert choice_of(OPENED, THEORY)["treatments"].to_list() == [1]


def test_treatments_without_an_acquisition_price_are_counted_and_cost_nothing_known():
    row = choice_of(OPENED, UNCOSTED, WELL_CHOSEN_UNCOSTED).row(0, named=True)
    assert (row["avoidable_treatments"], row["uncosted_treatments"]) == (2, 1)
    assert row["avoidable_cost_usd"] == Decimal("210.00")


def test_naming_the_tier_in_by_changes_nothing():
    ledger = ledger_of(OPENED, ON_RECORD)
    named = vial_choice_by(ledger, by=["vial_evidence", "drug"]).collect()
    assert named.equals(vial_choice_by(ledger, by="drug").collect())


def test_frame_without_the_columns_is_told_which_loader_has_them():
    with pytest.raises(MissingColumns, match=r"missing actual_vial_mg.*load_waste_ledger"):
        vial_choice_by(ledger_of(OPENED).drop("actual_vial_mg"), by="drug")
