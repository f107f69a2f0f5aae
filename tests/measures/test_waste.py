"""Waste leakage: tiers apart, unpriced counted, money of other findings beside it."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_lines import a_treatment, ledger_of

from analytics.measures import MissingColumns, waste_leakage_by

TIERS = ["A", "B", "C", None]


def leakage_of(*treatments: dict[str, object]) -> pl.DataFrame:
    return waste_leakage_by(ledger_of(*treatments), by=["payer_id"]).collect()


def test_tiers_of_evidence_are_never_added():
    table = leakage_of(a_treatment(), a_treatment(vial_evidence="C", leakage_usd="31.48"))
    assert table.select("payer_id", "vial_evidence", "leakage_usd").rows() == [
        ("birch", "B", Decimal("283.31")),
        ("birch", "C", Decimal("31.48")),
    ]


def test_naming_the_tier_in_by_changes_nothing():
    ledger = ledger_of(a_treatment())
    named = waste_leakage_by(ledger, by=["vial_evidence", "payer_id"]).collect()
    assert named.equals(waste_leakage_by(ledger, by="payer_id").collect())


def test_missed_waste_without_a_price_is_counted_and_adds_no_dollars():
    row = leakage_of(a_treatment(), a_treatment(leakage_usd=None)).row(0, named=True)
    assert (row["treatments"], row["missed_units"]) == (2, Decimal("18.000"))
    assert (row["leakage_usd"], row["unpriced_treatments"]) == (Decimal("283.31"), 1)


def test_only_treatments_with_leakage_are_counted_as_leaking():
    clean = a_treatment(finding="clean", missed_units="0.000", leakage_usd="0.00")
    row = leakage_of(a_treatment(), clean, a_treatment(leakage_usd=None)).row(0, named=True)
    assert (row["treatments"], row["leaking_treatments"]) == (3, 1)


def test_attested_zero_waste_is_not_unpriced():
    attested = a_treatment(vial_evidence="C", finding="jz_attested", leakage_usd=None)
    assert leakage_of(attested)["unpriced_treatments"].item() == 0


def test_treatment_with_nothing_missed_is_not_unpriced():
    clean = a_treatment(finding="clean", missed_units="0.000", leakage_usd=None)
    unknown = a_treatment(finding="no_package_known", missed_units=None, leakage_usd=None)
    assert leakage_of(clean, unknown)["unpriced_treatments"].item() == 0


def test_unknown_policy_and_unpaid_waste_stand_outside_leakage():
    unknown = a_treatment(finding="policy_unknown", leakage_usd="0.00", policy_unknown_usd="283.31")
    unpaid = a_treatment(finding="not_paid_by_policy", leakage_usd="0.00", structural_usd="283.31")
    row = leakage_of(unknown, unpaid).row(0, named=True)
    assert row["leakage_usd"] == Decimal("0.00")
    assert (row["policy_unknown_usd"], row["structural_usd"]) == (Decimal("283.31"),) * 2


def test_overbilled_waste_never_offsets_leakage():
    over = a_treatment(
        finding="overbilled", missed_units="0.000", leakage_usd="0.00", overbilled_usd="31.48"
    )
    row = leakage_of(a_treatment(), over).row(0, named=True)
    assert (row["leakage_usd"], row["overbilled_usd"]) == (Decimal("283.31"), Decimal("31.48"))


def test_frame_of_lines_is_sent_to_the_ledger():
    with pytest.raises(MissingColumns, match=r"analytics\.load_waste_ledger\(\)"):
        waste_leakage_by(ledger_of(a_treatment()).drop("finding"), by="payer_id")


amounts = st.none() | st.integers(0, 10_000_000).map(lambda number: Decimal(number) / 100)


@given(st.lists(st.tuples(st.sampled_from(TIERS), amounts), max_size=12))
def test_leakage_agrees_with_plain_python(treatments: list[tuple[str | None, Decimal | None]]):
    table = leakage_of(
        *(a_treatment(vial_evidence=tier, leakage_usd=usd) for tier, usd in treatments)
    )
    expected = {
        tier: (
            sum((usd or Decimal("0.00") for was, usd in treatments if was == tier), Decimal(0)),
            sum(usd is None for was, usd in treatments if was == tier),
        )
        for tier in {tier for tier, _ in treatments}
    }
    found = table.select("vial_evidence", "leakage_usd", "unpriced_treatments").rows()
    assert {tier: rest for tier, *rest in found} == {
        tier: list(rest) for tier, rest in expected.items()
    }
