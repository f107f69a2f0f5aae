"""Medicare's own percent and copayment: the patient's part, and the cheque (RULES 9.4, 17)."""

from __future__ import annotations

import pytest
from plain_python_tests.written_site import INSTITUTIONAL, clp, sv1, sv2, svc, usd
from plain_python_tests.written_terms import terms, visit

LIMITS = """\
effective_quarter,hcpcs,published_on,payment_limit,coinsurance_pct
2025Q4,J9177,2025-09-17,36.743,19.401
2026Q1,J9177,2025-12-17,36.718,
2026Q1,J9271,2025-12-17,60.000,20
"""
OPPS = "effective_from,hcpcs,status_indicator,payment_rate,published_on"
COPAYMENTS = "adjusted_copayment,minimum_copayment,national_copayment"
HOSPITAL = {"payer": "CMS1", "filing": "MB"}


@pytest.fixture
def medicare(site):
    """Return a site whose Medicare pays the limit."""
    site.terms = terms({"payer_id": "cms", "hcpcs": "*", "method": "pct_of_limit", "rate": "100"})
    site.reference["payment_limits"] = LIMITS
    return site


def answer_hospital(site, code, units, allowed, cuts, paid, *, status="K,36.658", copays="7.13,,"):
    """Bill and answer a hospital line that opps_status prices, J9177's row unless told."""
    rows = f"{OPPS},{COPAYMENTS}\n2026-01-01,J9177,{status},2025-12-20,{copays}\n"
    site.reference["opps_status"] = rows
    site.bill("A1", "50000", [sv2(code, "50000", units)], **HOSPITAL, version=INSTITUTIONAL)
    left = usd("50000.00") - usd(allowed)
    answer = svc(code, "50000", paid, [f"CO*45*{left}", *cuts], units=units)
    claim = clp("A1", 1, "50000", paid, [answer], filing="MB")
    site.remit([claim], payer="CMS1")


def test_medicares_percent_counts_though_the_remit_has_another(medicare):
    cuts = ["PR*2*2894.23", "CO*253*242.75"]
    left = usd("20000.00") - usd("15031.83")
    paid = usd("15031.83") - usd("2894.23") - usd("242.75")
    medicare.bill("A1", "20000", [sv1("J9177", "20000", 410, day="20251001")], **HOSPITAL)
    answer = svc("J9177", 20000, paid, [f"CO*45*{left}", *cuts], units=410)
    claim = clp("A1", 1, 20000, paid, [answer], day="20251001", filing="MB")
    medicare.remit([claim], payer="CMS1")
    (line,) = medicare.lines()
    assert (line["shortfall_usd"], line["patient_owed_usd"]) == (usd("32.80"), usd("28.46"))
    assert line["payer_owed_usd"] == usd("4.34")
    (row,) = medicare.answers()["medicare_payments"]
    assert row["expected_patient_usd"] == usd("2922.69")
    assert (row["difference_usd"], row["payment_check"]) == (usd("4.25"), "differs")


@pytest.mark.parametrize(
    ("code", "units", "expected"),
    [("J9177", 400, "2852.00"), ("J1324", 100, "2852.00")],
    ids=["CMS code", "house code"],
)
def test_a_hospital_copayment_is_one_of_the_opps_unit(medicare, code, units, expected):
    cuts = ["PR*2*2852.00", "CO*253*236.22"]
    answer_hospital(medicare, code, units, "14663.20", cuts, "11574.98")
    (row,) = medicare.answers()["medicare_payments"]
    assert row["expected_allowed_usd"] == usd("14663.20")
    assert row["expected_coinsurance_usd"] == usd(expected)
    assert (row["difference_usd"], row["payment_check"]) == (usd("0.00"), "agrees")


def test_the_copayment_paid_in_full_leaves_the_patient_nothing(medicare):
    cuts = ["PR*2*2852.00", "CO*253*222.96"]
    answer_hospital(medicare, "J9177", 400, "14000.00", cuts, "10925.04")
    (line,) = medicare.lines()
    assert (line["patient_owed_usd"], line["payer_owed_usd"]) == (usd("0.00"), usd("663.20"))


@pytest.mark.parametrize(
    ("copays", "expected"),
    [(",5.00,6.00", "2000.00"), (",,6.00", "2400.00"), ("0,5.00,6.00", "0.00"), (",,", None)],
    ids=["minimum", "national", "an adjusted one of nothing", "not known"],
)
def test_the_first_copayment_stated_counts(medicare, copays, expected):
    answer_hospital(medicare, "J9177", 400, "14663.20", (), "14663.20", copays=copays)
    (row,) = medicare.answers()["medicare_payments"]
    assert row["expected_coinsurance_usd"] == (expected and usd(expected))
    assert (row["payment_check"] == "not_checked") is (expected is None)


def test_a_quarter_without_a_percent_is_not_checked(medicare):
    visit(medicare, "A1", "3671.80", code="J9177", units=100, charge="5000", **HOSPITAL)
    (row,) = medicare.answers()["medicare_payments"]
    assert (row["expected_paid_usd"], row["payment_check"]) == (None, "not_checked")


@pytest.mark.parametrize(
    ("cuts", "owed"),
    [
        (("PR*1*50.00", "PR*3*14.35"), "2.48"),
        (("PR*3*64.35",), "2.48"),
        (("PR*1*50.00",), "0.00"),
    ],
    ids=["deductible and copay", "copay", "something paid"],
)
def test_a_line_that_is_all_patient_share_stays_the_patients(site, cuts, owed):
    site.bill("A1", "180.00", [sv1("J1324", "180.00", 90)])
    paid = usd("64.35") - sum(usd(each.split("*")[2]) for each in cuts)
    answer = svc("J1324", "180.00", paid, ["CO*45*115.65", *cuts], units=90)
    site.remit([clp("A1", 1, "180.00", paid, [answer])])
    (line,) = site.lines()
    assert (line["shortfall_usd"], line["patient_owed_usd"]) == (usd("2.48"), usd(owed))


def test_a_stay_is_not_paid_by_the_drug(medicare):
    medicare.bill(
        "A1",
        "50000",
        [sv2("J9271", "50000", 200)],
        **HOSPITAL,
        version=INSTITUTIONAL,
        bill_type="11",
    )
    (line,) = medicare.lines()
    said = "not priced: type of bill 11 is not paid by the drug"
    assert (line["pricing_basis"], line["expected_allowed_usd"]) == (said, None)
