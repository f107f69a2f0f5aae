"""Causes where the remit names another code, or pays part of a charge's units."""

from __future__ import annotations

import pytest
from plain_python_tests.written_site import (
    INSTITUTIONAL,
    PADCEV_20,
    SHIPPED,
    clp,
    sv1,
    sv2,
    svc,
    usd,
)
from plain_python_tests.written_terms import causes, terms, visit

OF_CHARGE = {"method": "pct_of_charge", "rate": "45"}
COVERED = "payer_id,hcpcs,payer_rank,covered,pays_waste,effective_from\n"
# Four units of J9177 are the milligram of one of J1324.
SAME_SERVICE = {"answered": "J9177", "paid_units": 360, "billed": 90, "original": "HC:J1324"}


@pytest.mark.parametrize(
    ("paid_units", "allowed", "taken"),
    [
        (60, "54.00", [("units_reduced", usd("27.00"))]),
        (100, "90.00", [("units_reduced", usd("-9.00"))]),
        (60, "50.00", [("units_reduced", usd("27.00")), ("unexplained", usd("4.00"))]),
    ],
    ids=["short", "over", "and short"],
)
def test_units_cut_of_a_charge(site, paid_units, allowed, taken):
    site.terms = terms(OF_CHARGE)
    visit(site, "A1", allowed, paid_units=paid_units, billed=90)
    assert causes(site) == taken


def test_units_cut_of_a_charge_whose_cap_is_the_charge(site):
    site.terms = terms({"method": "pct_of_charge", "rate": "100", "charge_cap": "line"})
    visit(site, "A1", "120.00", paid_units=60, billed=90)
    assert causes(site) == [("units_reduced", usd("60.00"))]


@pytest.mark.parametrize(
    ("facts", "taken"),
    [
        (SAME_SERVICE, ("unexplained", usd("4.83"))),
        (SAME_SERVICE | {"paid_units": ""}, ("unexplained", usd("4.83"))),
        (SAME_SERVICE | {"paid_units": 90, "billed": ""}, ("recoded", usd("4.83"))),
        (SAME_SERVICE | {"answered": "J9271", "paid_units": 90}, ("recoded", usd("4.83"))),
    ],
    ids=["the milligrams told", "no units told", "other milligrams", "another drug"],
)
def test_the_same_milligrams_under_a_name_without_a_price(site, facts, taken):
    site.terms = terms({})
    visit(site, "A1", "62.00", **facts)
    assert causes(site) == [taken]


def test_the_same_service_walks_on_at_its_own_code_and_units(site):
    site.terms = terms({}, {"rate": "0.715", "recorded_on": "2024-11-01"})
    visit(site, "A1", "64.35", **SAME_SERVICE)
    assert causes(site) == [("superseded_term", usd("2.48"))]


@pytest.mark.parametrize(
    ("answered", "taken"),
    [("J9271", ("recoded", usd("4.83"))), ("J9177", ("unexplained", usd("4.83")))],
    ids=["another drug", "the same service"],
)
def test_a_code_the_policy_does_not_cover_has_no_price(site, answered, taken):
    site.terms = terms({}, {"hcpcs": answered, "rate": "0.5"})
    row = f"acme,{answered},primary,no,yes,2025-01-01\n"
    site.reference["payer_policies"] = COVERED + row
    visit(site, "A1", "62.00", **SAME_SERVICE | {"answered": answered})
    assert causes(site) == [taken]


def test_a_percent_of_the_charge_comes_before_dollars_a_unit(site):
    site.terms = terms(OF_CHARGE)
    for number in ("A1", "A2", "A3"):
        visit(site, number, "63.00", units=90)
    found = site.answers()["underpayment_causes"]
    assert {row["explained_by"] for row in found} == {"percent of the charge 35.00"}


def test_capitation_is_read_as_the_sites_own_row_says(site):
    row = "code_set,code,group_code,rarc,payer_id,precedence,denial_class,counts_as_denial,effect\n"
    shipped = "CARC,24,*,,,110,capitated,no,informational,under capitation\n"
    site.reference["denial_reasons"] = SHIPPED["denial_reasons"] + shipped
    for payer, name in (("ACME1", "A1"), ("BEST 1", "B1")):
        visit(site, name, "0", cas=["CO*24*180"], payer=payer)
    site.keep("denial_reasons", f"{row}CARC,24,*,,acme,5,contractual,no,informational\n")
    first, second = site.lines()
    assert (first["outcome"], first["denial_class"]) == ("zero_no_reason", "unmapped")
    assert (second["outcome"], second["denial_class"]) == ("denied", "coordination_of_benefits")


def test_milligrams_of_another_drug_are_no_units_of_its_code(site):
    site.terms = terms({"hcpcs": "*", "rate": "10"})
    # 7 of J9177 at 10.00 are the 70.00 expected; 28 (the 7 mg of J9271) would be 280.00.
    visit(site, "A1", "25.00", code="J9271", units=7, answered="J9177", paid_units="")
    assert causes(site) == [("unexplained", usd("45.00"))]


OF_A_HOSPITAL = {"payer": "CMS1", "filing": "MB", "version": INSTITUTIONAL}
OPPS = "effective_from,hcpcs,status_indicator,published_on,payment_rate\n"


@pytest.mark.parametrize(
    ("bill_type", "status"),
    [("11", None), ("13", "N"), ("13", "E2")],
    ids=["type of bill", "packaged", "not paid"],
)
def test_a_candidate_is_asked_neither_type_of_bill_nor_opps_status(site, bill_type, status):
    of_j9177 = {"payer_id": "cms", "hcpcs": "J9177", "charge_cap": "none"}
    site.terms = terms(
        of_j9177 | {"rate": "40"},
        of_j9177 | {"method": "pct_of_limit", "rate": "100", "recorded_on": "2024-11-01"},
    )
    if status:
        site.reference["opps_status"] = f"{OPPS}2026-01-01,J9177,{status},2025-12-20,\n"
    site.bill("A1", "500", [sv2("J9177", "500", 10)], bill_type=bill_type, **OF_A_HOSPITAL)
    answer = svc("J9177", "500", "367.18", ["CO*45*132.82"], units=10)
    site.remit([clp("A1", 1, "500", "367.18", [answer], filing="MB")], payer="CMS1")
    assert causes(site) == [("superseded_term", usd("32.82"))]


@pytest.mark.parametrize(
    ("key", "ndc", "cause"),
    [
        ({"hcpcs": "J9271"}, PADCEV_20, "superseded_term"),
        ({"hcpcs": "*"}, PADCEV_20, "unexplained"),
        ({"hcpcs": "*"}, "", "superseded_term"),
    ],
    ids=["the billed code", "a contradicted code", "no NDC"],
)
def test_a_contradicted_code_takes_rows_of_that_code_alone(site, key, ndc, cause):
    of_charge = {"method": "pct_of_charge", "rate": "50", "recorded_on": "2024-11-01"}
    site.terms = terms({"hcpcs": "J9271", "rate": "9"}, of_charge | key)
    site.bill("A1", "180", [sv1("J9271", "180", 11, ndc=ndc, vials="5")])
    site.remit([clp("A1", 1, "180", 90, [svc("J9271", "180", 90, ["CO*45*90"], units=11)])])
    assert causes(site) == [(cause, usd("9.00"))]
