"""What a paid line is short or over, and who owes it."""

from __future__ import annotations

from datetime import date

import pytest
from plain_python_tests.written_site import BILLED, CONTRACT_PAID, OLD_RATE_PAID, clp, sv1, svc, usd


def test_patient_share_is_not_underpayment_and_the_tie_rounds_up(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    (line,) = site.lines()
    assert line["expected_allowed_usd"] == line["allowed_usd"] == usd("66.83")
    assert (line["gap_usd"], line["payer_owed_usd"], line["match_basis"]) == (0, 0, "line")
    assert (line["coinsurance_usd"], line["outcome"]) == (usd("13.37"), "paid")


def test_stale_rate_is_short_for_payer_and_patient(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [OLD_RATE_PAID])])
    (line,) = site.lines()
    assert line["gap_usd"] == line["shortfall_usd"] == usd("2.48")
    assert (line["payer_owed_usd"], line["patient_owed_usd"]) == (usd("1.98"), usd("0.50"))
    assert line["ask_usd"] == usd("1.98")


def test_units_cut_on_the_remit_are_short_of_the_billed_ones(site):
    site.bill("A1", 180, BILLED)
    cut = svc("J1324", 180, "6.68", ["CO*45*173.32"], units=9, billed=90)
    site.remit([clp("A1", 1, 180, "6.68", [cut])])
    (line,) = site.lines()
    assert (line["gap_usd"], line["paid_units"]) == (usd("60.15"), 9)
    assert line["payer_owed_usd"] == usd("60.15")


def test_an_absent_unit_count_means_nothing(site):
    site.bill("A1", 45000, [sv1("J9177", 45000, 410, day="20251105")])
    paid = svc("J9177", 45000, "15064.63", ["CO*45*29935.37"])
    site.remit([clp("A1", 1, 45000, "15064.63", [paid], day="20251105")])
    (line,) = site.lines()
    assert (line["gap_usd"], line["paid_units"]) == (0, None)


def test_a_partial_denial_goes_before_the_shortfall(site):
    site.bill("A1", 180, BILLED)
    cut = svc("J1324", 180, "6.68", ["CO*151*162*81*45*11.32"], units=9, billed=90)
    site.remit([clp("A1", 1, 180, "6.68", [cut])])
    (line,) = site.lines()
    assert (line["outcome"], line["denied_expected_usd"]) == ("partly_denied", usd("60.14"))
    assert (line["shortfall_usd"], line["gap_usd"]) == (usd("0.01"), usd("60.15"))


def test_medicare_coinsurance_and_sequestration_are_no_shortfall(site):
    site.terms += "M,cms,J9177,pct_of_limit,100,,2025-01-01,2024-12-01\n"
    header, *rows = site.terms.splitlines()
    site.terms = "\n".join([header + ",sequestration", *(row + ",yes" for row in rows), ""])
    site.bill("A1", 45000, [sv1("J9177", 45000, 410, day="20251105")], payer="CMS1")
    cuts = ["CO*45*29935.37", "PR*2*2922.69", "CO*253*242.84"]
    paid = svc("J9177", 45000, "11899.10", cuts, units=410)
    site.remit([clp("A1", 1, 45000, "11899.10", [paid], day="20251105")], payer="CMS1")
    (line,) = site.lines()
    assert (line["gap_usd"], line["unsupported_cut_usd"]) == (0, 0)
    assert (line["sequestration_usd"], line["coinsurance_usd"]) == (usd("242.84"), usd("2922.69"))


def test_a_cut_the_contract_does_not_grant_is_asked_for(site):
    site.bill("A1", 180, BILLED)
    cuts = ["CO*45*113.17", "PR*2*13.37", "CO*253*1.07"]
    site.remit([clp("A1", 1, 180, "52.39", [svc("J1324", 180, "52.39", cuts, units=90)])])
    (line,) = site.lines()
    assert (line["gap_usd"], line["shortfall_usd"]) == (0, 0)
    assert line["unsupported_cut_usd"] == line["ask_usd"] == usd("1.07")


@pytest.mark.parametrize(
    ("allowed", "cut", "ask"),
    [("68.83", "1.38", "0"), ("66.93", "1.34", "1.24"), ("64.35", "1.29", "3.77")],
    ids=["sent more than it cut", "sent less than it cut", "short as well"],
)
def test_a_payer_that_sent_more_than_it_cut_is_asked_for_nothing(site, allowed, cut, ask):
    site.bill("A1", 180, BILLED)
    paid = usd(allowed) - usd(cut)
    cuts = [f"CO*45*{180 - usd(allowed)}", f"CO*253*{cut}"]
    site.remit([clp("A1", 1, 180, str(paid), [svc("J1324", 180, str(paid), cuts, units=90)])])
    (line,) = site.lines()
    assert (line["unsupported_cut_usd"], line["ask_usd"]) == (usd(cut), usd(ask))
    (line,) = site.answers(date(2027, 6, 1))["drug_line_outcomes"]
    assert (line["past_window_usd"], line["ask_usd"]) == (usd(ask), 0)


def test_a_shortfall_within_the_deductible_is_the_patients(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, 0, [svc("J1324", 180, 0, ["CO*45*120", "PR*1*60"])])])
    (line,) = site.lines()
    assert (line["outcome"], line["shortfall_usd"]) == ("paid", usd("6.83"))
    assert (line["patient_owed_usd"], line["payer_owed_usd"]) == (usd("6.83"), 0)


def test_an_ask_ends_with_the_look_back_of_the_payer(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [OLD_RATE_PAID])])
    (line,) = site.answers(date(2027, 2, 1))["drug_line_outcomes"]
    assert (line["past_window_usd"], line["ask_usd"]) == (0, usd("1.98"))
    (line,) = site.answers(date(2027, 2, 2))["drug_line_outcomes"]
    assert (line["past_window_usd"], line["ask_usd"]) == (usd("1.98"), 0)


def test_an_uneven_coinsurance_is_asked_of_the_payer_as_a_floor(site):
    site.bill("A1", 18000, [sv1("J1324", 18000, 9000)])
    paid = svc("J1324", 18000, "4666.67", ["CO*45*12000", "PR*2*1333.33"], units=9000)
    site.remit([clp("A1", 1, 18000, "4666.67", [paid])])
    (line,) = site.lines()
    assert (line["shortfall_usd"], line["patient_owed_usd"]) == (usd("682.50"), usd("151.67"))
    assert line["ask_usd"] == usd("530.83")


def test_a_later_answer_that_allows_nothing_does_not_open_the_look_back_again(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [OLD_RATE_PAID])])
    later = svc("J1324", 180, 0, ["CO*18*180"], units=90)
    site.remit([clp("A1", 4, 180, 0, [later])], paid_on="20260501")
    (line,) = site.answers(date(2027, 2, 2))["drug_line_outcomes"]
    assert line["last_paid_date"] == date(2026, 5, 1)
    assert (line["past_window_usd"], line["ask_usd"]) == (usd("1.98"), 0)


def test_a_cut_by_law_is_granted_to_medicare_where_the_term_is_silent(site):
    site.terms += "M,cms,J1324,fixed,0.7425,,2025-01-01,2024-12-01\n"
    for number, payer, filing in (("A1", "ACME1", "CI"), ("A2", "CMS1", "MB")):
        site.bill(number, 180, BILLED, payer=payer, filing=filing)
        cuts = ["CO*45*113.17", "PR*2*13.37", "CO*253*1.07"]
        paid = svc("J1324", 180, "52.39", cuts, units=90)
        site.remit([clp(number, 1, 180, "52.39", [paid], filing=filing)], payer=payer)
    assert [line["ask_usd"] for line in site.lines()] == [usd("1.07"), 0]


def test_a_line_another_payer_paid_first_is_not_compared(site):
    site.bill("A1", 180, BILLED)
    paid = svc("J1324", 180, "26.83", ["CO*45*113.17", "OA*23*40"], units=90)
    site.remit([clp("A1", 1, 180, "26.83", [paid])])
    (line,) = site.lines()
    assert (line["outcome"], line["prior_payer_usd"]) == ("paid", usd("40.00"))
    assert line["gap_basis"] == "not compared: another payer paid first (OA-23)"
    assert (line["gap_usd"], line["shortfall_usd"], line["ask_usd"]) == (None, 0, 0)


@pytest.mark.parametrize(("allowed", "short"), [("6.68", 0), ("6.66", 1)], ids=["a cent", "more"])
def test_a_cent_left_of_a_denied_part_is_no_short_line(site, allowed, short):
    site.bill("A1", 180, BILLED)
    left = 18 - usd(allowed)
    cut = svc("J1324", 180, allowed, [f"CO*151*162*81*45*{left}"], units=9, billed=90)
    site.remit([clp("A1", 1, 180, allowed, [cut])])
    (rates,) = site.answers()["rates"]
    assert rates["short_lines"] == short


@pytest.mark.parametrize(
    ("charge", "basis", "short"),
    [
        ("0.01", "not compared: token charge", "0"),
        ("1.00", "not compared: token charge", "0"),
        ("1.01", "compared", "65.82"),
    ],
)
def test_a_token_charge_is_not_compared(site, charge, basis, short):
    site.bill("A1", charge, [sv1("J1324", charge, 90)])
    site.remit([clp("A1", 1, charge, charge, [svc("J1324", charge, charge, units=90)])])
    (line,) = site.lines()
    assert (line["outcome"], line["expected_allowed_usd"]) == ("paid", usd("66.83"))
    assert (line["gap_basis"], line["shortfall_usd"]) == (basis, usd(short))
    assert len(site.answers()["underpayment_causes"]) == (basis == "compared")
