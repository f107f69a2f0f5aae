"""Hazards inside a claims file: each small file of `hazards.py` has just these rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.intake.hazards import rows

CLAIMS, LINES, PAYERS = "raw_837__claims", "raw_837__claim_lines", "raw_837__claim_payers"
DATES = "service_date service_through_date"
DAY = date(2026, 1, 10)


def test_range_of_days_has_both_ends():
    assert rows("told", LINES, DATES) == [(DAY, DAY)]
    assert rows("RD8", LINES, DATES) == [(DAY, date(2026, 1, 12))]


def test_dates_of_the_claim_stay_on_the_claim():
    hazard = "dates of the 837 claim only"
    stated = rows(hazard, CLAIMS, "statement_date statement_through_date")
    assert stated == [(DAY, date(2026, 1, 11))]
    assert rows(hazard, LINES, DATES) == [(None, None)]


def test_other_payers_are_not_the_destination():
    hazard = "other payers"
    named = "payer_rank filing_code payer_name payer_code"
    assert rows(hazard, CLAIMS, named) == [("primary", "CI", "BIRCH HEALTH", "84980")]
    assert rows(hazard, CLAIMS, "original_control_number") == [("OWN",)]
    assert rows(hazard, PAYERS, f"{named} is_destination prior_paid_usd") == [
        ("primary", "CI", "BIRCH HEALTH", "84980", True, None),
        ("secondary", "MB", "CEDAR CARE", "C1", False, Decimal("12.5")),
        ("tertiary", "ZZ", "ELM", "E1", False, None),
    ]
    assert rows(hazard, LINES, DATES) == [(DAY, DAY)]
    assert rows(hazard, CLAIMS, "patient_key") == rows("told", CLAIMS, "patient_key")


def test_patient_below_the_subscriber_has_another_key():
    hazard = "patient is not the subscriber"
    [(key,)], [(subscriber,)] = (rows(name, CLAIMS, "patient_key") for name in (hazard, "told"))
    assert None not in (key, subscriber)
    assert key != subscriber
    named = "claim_number payer_rank payer_name charge_usd"
    assert rows(hazard, CLAIMS, named) == [("A1", "primary", "BIRCH HEALTH", 200)]


@pytest.mark.parametrize(("frequency", "hazard"), [("7", "replacement"), ("8", "void")])
def test_replacement_and_void_name_the_claim_they_end(frequency: str, hazard: str):
    told = rows(hazard, CLAIMS, "claim_number frequency_code original_control_number")
    assert told == [("A1", frequency, "ICN1")]


def test_drug_of_a_line_has_its_ndc_as_sent():
    told = rows("drug of a line", LINES, "hcpcs units ndc ndc_quantity ndc_unit")
    assert told == [("J9177", 40, "51144-0020-01", Decimal("2.5"), "ML")]


def test_hospital_claim_has_revenue_code_and_statement_dates():
    hazard = "hospital claim"
    stated = "claim_type place_of_service statement_date statement_through_date"
    assert rows(hazard, CLAIMS, stated) == [("institutional", "11", DAY, date(2026, 1, 11))]
    line = "revenue_code hcpcs modifiers charge_usd unit_basis units"
    assert rows(hazard, LINES, line) == [("0636", "J9177", "JW", 200, "UN", 40)]
