"""A line belongs to the claim, payer and rank it was sent for or answered under."""

from __future__ import annotations

from datetime import date

import pytest
from plain_python_tests.written_site import BILLED, CONTRACT_PAID, NPI, clp, sv1, svc, usd

from plain_python.files import ReceivedFile
from plain_python.read_837 import submissions_in
from plain_python.reference import Reference
from plain_python.x12 import transactions_in


def test_a_secondary_payer_owes_no_contract_amount(site):
    site.bill("A1", 180, BILLED)
    site.bill("A1", 180, BILLED, payer="BEST1", rank="S", sent_on="20260210")
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    second = svc("J1324", 180, "13.37", ["OA*23*166.63"], units=90)
    site.remit([clp("A1", 2, 180, "13.37", [second])], payer="BEST1", paid_on="20260301")
    primary, secondary = site.lines(claim_id="A1")
    if primary["payer_rank"] == "secondary":
        primary, secondary = secondary, primary
    assert primary["paid_usd"] + secondary["paid_usd"] == usd("66.83")
    assert (secondary["payer_rank"], secondary["gap_usd"]) == ("secondary", None)
    assert (secondary["shortfall_usd"], secondary["prior_payer_usd"]) == (0, usd("166.63"))
    assert (secondary["outcome"], secondary["expected_allowed_usd"]) == ("paid", None)
    assert secondary["pricing_basis"] == "not priced: not the primary payer"


@pytest.mark.parametrize("number_of_b", ["A1", "B1"], ids=["same number", "own number"])
def test_a_claim_split_at_the_charge_limit_is_no_duplicate(site, number_of_b):
    site.terms = site.terms.replace("0.7425", "240.00")
    site.bill("A1", "99840.00", [sv1("J1324", "99840.00", 416)])
    site.bill(number_of_b, "20160.00", [sv1("J1324:76", "20160.00", 84)])
    first = clp("A1", 1, 99840, 99840, [svc("J1324", 99840, 99840, units=416)])
    second = clp(number_of_b, 1, 20160, 20160, [svc("J1324:76", 20160, 20160, units=84)])
    site.remit([first, second])
    lines = site.lines()
    assert sum(line["billed_units"] for line in lines) == 500
    assert [(line["gap_usd"], line["outcome"]) for line in lines] == [(0, "paid"), (0, "paid")]
    assert len({line["claim_id"] for line in lines}) == 2


def test_one_account_number_on_two_dates_is_two_claims(site):
    for day in ("20251105", "20251126"):
        site.bill("A1", 45000, [sv1("J9177", 45000, 410, day=day)], sent_on=day)
        paid = svc("J9177", 45000, "15064.63", ["CO*45*29935.37"], units=410, day=day)
        site.remit([clp("A1", 1, 45000, "15064.63", [paid], day="")], paid_on="20251215")
    lines = site.lines()
    assert [line["claim_id"] for line in lines] == ["A1-20251105", "A1-20251126"]
    assert [line["gap_usd"] for line in lines] == [0, 0]


def test_a_payer_switch_is_a_denial_of_one_and_a_payment_of_the_other(site):
    site.terms += "Y,best,J1324,fixed,0.7425,,2025-01-01,2024-12-01\n"
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 4, 180, 0, [svc("J1324", 180, 0, ["CO*27*180"])])])
    site.bill("A1", 180, BILLED, payer="BEST1", sent_on="20260210")
    paid = clp("A1", 1, 180, "53.46", [CONTRACT_PAID])
    site.remit([paid], payer="BEST1", paid_on="20260301")
    outcomes = {line["payer_id"]: (line["claim_id"], line["outcome"]) for line in site.lines()}
    assert outcomes == {"acme": ("A1", "denied"), "best": ("A1", "paid")}


def test_a_dropped_line_keeps_the_facts_of_its_own_submission(site):
    site.bill("A1", 330, [*BILLED, sv1("96372", 150, 1)])
    site.bill("A1", 180, BILLED, frequency="7", sent_on="20260210")
    live, dropped = site.lines("claim_line_outcomes")
    assert (live["submitted_date"], live["outcome"]) == (date(2026, 2, 10), "open")
    assert (dropped["submitted_date"], dropped["outcome"]) == (date(2026, 1, 6), "closed_unpaid")


def test_a_line_without_a_date_has_the_claims(site):
    site.bill("A1", 330, [*BILLED, sv1("96372", 150, 1, day="")])
    _, undated = site.lines("claim_line_outcomes")
    assert undated["service_date"] == undated["service_through_date"] == date(2026, 1, 5)


def test_an_undated_remit_goes_to_the_claim_its_payer_was_sent(site):
    site.bill("A1", 180, BILLED)
    site.bill("A1", 180, [sv1("J1324", 180, 90, day="20260110")], payer="BEST1")
    site.remit(
        [clp("A1", 1, 170, 50, [svc("J1324", 170, 50, ["CO*45*120"])], day="")], payer="BEST1"
    )
    answered = {(line["claim_id"], line["payer_id"]): line["paid_usd"] for line in site.lines()}
    assert answered == {("A1-20260105", "acme"): 0, ("A1-20260110", "best"): 50}


def test_a_payer_nothing_was_sent_to_has_the_lines_but_not_the_filing_code_sent(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 23, 180, 0, [svc("J1324", 180, 0, ["OA*45*180"])])], payer="CMS1")
    (line,) = site.lines(payer_id="cms")
    assert (line["billed_basis"], line["billed_units"], line["outcome"]) == ("claim", 90, "open")
    assert (line["submitted_date"], line["line_of_business"]) == (date(2026, 1, 6), "medicare_ffs")
    (own,) = site.lines(payer_id="acme")
    assert own["line_of_business"] == "commercial"


def test_a_remit_without_its_claim_keeps_its_lines(site):
    site.remit([clp("Z9", 1, 180, "53.46", [CONTRACT_PAID])])
    (line,) = site.lines()
    assert (line["claim_id"], line["billed_basis"]) == ("Z9", "remit_only")
    assert (line["billed_units"], line["gap_usd"]) == (90, 0)


def test_a_remit_alone_without_service_lines_is_one_line_without_a_code(site):
    site.remit([clp("Z9", 1, 180, "53.46", icn="N1*11", cas=["CO*45*126.54"])])
    (line,) = site.lines("claim_line_outcomes")
    assert (line["hcpcs"], line["billed_units"], line["charge_usd"]) == (None, None, 180)
    assert (line["paid_usd"], line["outcome"]) == (usd("53.46"), "paid")
    assert (line["billed_basis"], line["match_method"]) == ("remit_only", "claim_level")
    assert (line["place_of_service"], line["billing_id"]) == ("11", NPI)


@pytest.mark.parametrize("frequency", ["", "1"])
def test_an_empty_frequency_is_1(site, frequency):
    site.bill("A1", 180, BILLED, frequency=frequency)
    site.answers()
    content = (site.folder / "raw" / "001.837").read_bytes()
    reference = Reference(site.folder, site.shipped, date(2026, 6, 30))
    found = transactions_in(ReceivedFile("001.837", content))
    assert [each.frequency for each in submissions_in(found, reference)] == ["1"]
