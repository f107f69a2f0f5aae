"""Hazards inside a remit: each small file of `hazards.py` has just these rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.intake.hazards import CLOSING, FIXTURES, rows

CLAIMS, LINES, CUTS = "raw_835__remit_claims", "raw_835__remit_lines", "raw_835__adjustments"
CUT = "remit_line_number adjustment_number group_code reason_code adjustment_usd quantity"
MONEY = "charge_usd paid_usd patient_responsibility_usd"
REJECT = "piece segment_id segments source_offset"
DAY = date(2026, 1, 10)


def place(hazard: str, segment: bytes) -> int:
    return FIXTURES[hazard].index(segment)


def test_four_modifiers_are_those_of_the_composite():
    # The description behind the fourth modifier may say anything, a name too.
    told = rows("four modifiers", LINES, "code_qualifier hcpcs modifiers paid_usd")
    assert told == [("HC", "J9177", "JW 59 RT XU", 100)]


def test_original_code_and_units_stand_beside():
    columns = "hcpcs paid_units original_hcpcs original_modifiers original_units"
    told = rows("original code and units", LINES, columns)
    assert told == [("J9177", 40, "J9178", "JZ", 50)]


def test_empty_svc05_states_no_units():
    told = rows("empty SVC05", LINES, "hcpcs paid_usd paid_units original_units")
    assert told == [("J9177", 100, None, None)]


def test_revenue_code_stands_in_its_own_column():
    columns = "hcpcs code_qualifier revenue_code paid_usd paid_units"
    assert rows("revenue code as SVC01", LINES, columns) == [(None, "NU", "0300", 100, 40)]
    assert rows("revenue code beside", LINES, columns) == [("J9177", "HC", "0636", 100, 40)]


def test_six_triplets_are_six_adjustments():
    assert rows("six triplets", CUTS, CUT) == [
        (1, 1, "CO", "45", 10, 1),
        (1, 2, "CO", "253", 20, None),
        (1, 3, "CO", "96", 5, 2),
        (1, 4, "CO", "97", 15, None),
        (1, 5, "CO", "144", -30, 1),
        (1, 6, "CO", "B10", 60, 3),
        (1, 7, "PR", "2", 20, None),
    ]


def test_same_group_again_adds_adjustments():
    assert rows("same group again", CUTS, CUT) == [
        (1, 1, "CO", "45", 60, None),
        (1, 2, "CO", "253", 20, None),
        (1, 3, "CO", "45", 0, None),
        (1, 4, "PR", "2", 20, None),
    ]


def test_claim_level_adjustments_have_no_line():
    assert rows("claim-level CAS", CUTS, CUT) == [
        (None, 1, "CO", "45", 80, None),
        (None, 2, "CO", "96", -5, None),
        (1, 3, "PR", "2", 20, None),
    ]


def test_reversal_keeps_its_signs():
    hazard = "negative CAS of a reversal"
    assert rows(hazard, CLAIMS, f"status_code {MONEY}") == [("22", -200, -100, -20)]
    assert rows(hazard, LINES, "charge_usd paid_usd paid_units") == [(-200, -100, -40)]
    assert rows(hazard, CUTS, "reason_code adjustment_usd") == [("45", -80), ("2", -20)]


def test_claim_without_lines_is_a_claim():
    hazard = "CLP without SVC"
    assert rows(hazard, CLAIMS, f"claim_number {MONEY}") == [("A1", 200, 100, 20)]
    assert rows(hazard, LINES) == []
    assert rows(hazard, CUTS, CUT) == [
        (None, 1, "CO", "45", 80, None),
        (None, 2, "PR", "2", 20, None),
    ]


@pytest.mark.parametrize("closing", CLOSING)
def test_lx_ts3_and_ts2_close_a_claim(closing: str):
    hazard = f"{closing} closes a claim"
    claims = rows(hazard, CLAIMS, "remit_claim_number claim_number paid_usd group_number")
    assert claims == [(1, "A1", 100, None), (2, "A2", 0, None)]
    assert rows(hazard, CUTS, "remit_claim_number adjustment_usd") == [(1, 80), (1, 20)]
    assert rows(hazard, "raw_835__references", "remit_claim_number qualifier") == [(1, "6R")]
    # An adjustment of no claim is in no figure, and told.
    told = rows(hazard, "raw_x12__rejects", REJECT)
    assert told == [("segment", "CAS", 0, place(hazard, b"CAS*CO*45*7~"))]


def test_line_before_any_claim_is_told():
    hazard = "SVC before any claim"
    assert rows(hazard, LINES, "remit_claim_number hcpcs") == [(1, "J9177")]
    told = rows(hazard, "raw_x12__rejects", REJECT)
    assert told == [("segment", "SVC", 0, place(hazard, b"SVC*HC:J1*"))]


def test_six_plb_pairs_are_six_provider_adjustments():
    columns = "adjustment_number provider_id fiscal_date reason_code reference_id adjustment_usd"
    day = date(2026, 12, 31)
    assert rows("six PLB pairs", "raw_835__provider_adjustments", columns) == [
        (1, "1", day, "WO", "R1", 1),
        (2, "1", day, "72", None, -2),
        (3, "1", day, "L6", "R3", Decimal("-0.5")),
        (4, "1", day, "FB", "R4", 4),
        (5, "1", day, "CS", None, 5),
        (6, "1", day, "AM", "R6", -6),
    ]


def test_amounts_are_decimal_text():
    assert rows("amounts", CLAIMS, MONEY) == [(15000, Decimal("0.5"), Decimal("-0.5"))]
    assert rows("amounts", LINES, "charge_usd paid_usd paid_units") == [(5, 0, 4)]


def test_four_decimals_are_kept_and_more_are_told():
    hazard = "more than two decimals"
    amounts = [(Decimal("0.1234"), Decimal("10.0049"), Decimal("0.005"))]
    assert rows(hazard, CLAIMS, MONEY) == amounts
    told = rows(hazard, "raw_x12__rejects", REJECT)
    assert told == [("element", "CLP", 0, place(hazard, b"CLP*"))] * 2


def test_amount_that_is_none_is_empty_and_told():
    hazard = "no decimal"
    assert rows(hazard, CLAIMS, MONEY) == [(None, None, None)]
    told = rows(hazard, "raw_x12__rejects", f"{REJECT} reason")
    assert [row[:4] for row in told] == [("element", "CLP", 0, place(hazard, b"CLP*"))] * 3
    assert not [row for row in told if "1e3" in row[4] or "$5" in row[4]]


def test_dates_of_a_range_are_those_of_the_line():
    told = rows("dates of a range", LINES, "service_date service_through_date")
    assert told == [(DAY, date(2026, 1, 12))]
    told = rows("day and range", LINES, "service_date service_through_date")
    assert told == [(DAY, date(2026, 1, 13))]


def test_dates_of_the_claim_stay_on_the_claim():
    hazard = "dates of the claim only"
    dates = "service_date service_through_date"
    assert rows(hazard, CLAIMS, dates) == [(date(2026, 1, 9), date(2026, 1, 11))]
    assert rows(hazard, LINES, dates) == [(None, None)]


def test_day_that_does_not_exist_is_empty_and_told():
    hazard = "no such day"
    assert rows(hazard, LINES, "service_date service_through_date") == [(None, None)]
    told = rows(hazard, "raw_x12__rejects", REJECT)
    assert told == [("element", "DTM", 0, place(hazard, b"DTM*472"))]
