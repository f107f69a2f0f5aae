"""What a line was expected to pay, and why there is no price where there is none."""

from __future__ import annotations

from datetime import date

import pytest
from plain_python_tests.written_site import (
    BILLED,
    CONTRACT_PAID,
    PADCEV_20,
    SHIPPED,
    clp,
    sv1,
    svc,
    usd,
)


def test_line_cap_gives_away_what_the_charge_lacks(site):
    site.terms = site.terms.replace("0.7425,,", "0.7425,line,").replace("40.00,,", "40.00,line,")
    site.bill("A1", 210, [sv1("J1324", 60, 90), sv1("96372", 150, 1)])
    paid = [svc("J1324", 60, 60, units=90), svc("96372", 150, 40, ["CO*45*110"], units=1)]
    site.remit([clp("A1", 1, 210, 100, paid)])
    rows = site.lines("claim_line_outcomes")
    assert [row["expected_allowed_usd"] for row in rows] == [usd("60.00"), usd("40.00")]
    (line,) = site.lines()
    assert (line["gap_usd"], line["charge_limited_usd"]) == (0, usd("6.83"))


def test_a_half_cent_rounds_away_from_zero(site):
    site.terms = site.terms.replace("0.7425", "0.6173")
    site.bill("A1", 180, [sv1("J1324", 180, 50)])
    site.remit([clp("A1", 1, 180, "30.87", [svc("J1324", 180, "30.87", ["CO*45*149.13"])])])
    (line,) = site.lines()
    assert (line["expected_allowed_usd"], line["gap_usd"]) == (usd("30.87"), 0)


def test_a_house_code_is_priced_by_the_milligrams_of_the_cms_code(site):
    site.terms = site.terms.replace("J1324,fixed,0.7425", "J1324,pct_of_limit,104")
    billed = [sv1("J1324", 20000, 100, ndc="51144-020-01", vials=5, day="20251101")]
    site.bill("A1", 20000, billed, sent_on="20251102")
    (line,) = site.lines()
    assert (line["identity_basis"], line["drug"]) == ("house_code", "enfortumab vedotin-ejfv")
    assert (line["ndc11"], line["expected_allowed_usd"]) == (PADCEV_20, usd("15285.09"))
    assert (line["outcome"], line["open_days"]) == ("open", 240)
    (identity,) = site.answers()["code_identity"]
    assert (identity["cms_hcpcs"], identity["cms_units"]) == ("J9177", 400)


def test_without_its_house_code_the_code_is_enfuvirtide_and_has_no_price(site):
    site.terms = site.terms.replace("J1324,fixed,0.7425", "J1324,pct_of_limit,104")
    site.reference["house_codes"] = SHIPPED["house_codes"].splitlines()[0] + "\n"
    site.bill("A1", 20000, [sv1("J1324", 20000, 100)])
    (line,) = site.lines()
    assert (line["identity_basis"], line["drug"]) == ("cms_code_no_ndc", "enfuvirtide")
    assert line["pricing_basis"] == "not priced: no CMS payment limit"
    assert line["expected_allowed_usd"] is None


def test_a_retroactive_rate_counts_from_the_day_it_was_recorded(site):
    rows = site.terms.splitlines()
    site.terms = "\n".join([*rows, "X,acme,J1324,fixed,0.7800,,2026-01-01,2026-06-15", ""])
    site.bill("A1", 180, [sv1("J1324", 180, 90, day="20260210")], sent_on="20260211")
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID], day="20260210")], paid_on="20260301")
    (before,) = site.answers(date(2026, 3, 31))["drug_line_outcomes"]
    (after,) = site.answers(date(2026, 6, 30))["drug_line_outcomes"]
    assert (before["gap_usd"], after["gap_usd"]) == (0, usd("3.37"))


def test_two_terms_of_equal_rank_leave_a_line_unpriced(site):
    site.terms += "Z,acme,J1324,fixed,0.7000,,2025-01-01,2024-12-01\n"
    site.bill("A1", 180, BILLED)
    (line,) = site.lines()
    assert line["pricing_basis"].startswith("not priced: two terms (")
    assert line["expected_allowed_usd"] is None


def test_the_sites_meaning_of_a_code_comes_before_a_later_shipped_one(site):
    header = SHIPPED["drug_codes"].splitlines()[0]
    site.keep("drug_codes", f"{header}\nJ9177,other drug,Inj other,0.25,no,no,2019-01-01,\n")
    site.bill("A1", 45000, [sv1("J9177", 45000, 410), sv1("J1324", 180, 90)])
    billed, house = site.lines()
    assert billed["drug"] == "other drug"
    (identity,) = site.answers()["code_identity"]
    assert (house["identity_basis"], identity["cms_hcpcs"]) == ("house_code", None)


@pytest.mark.parametrize(
    ("vintage", "shortfall"), [("first", "0.00"), ("", "0.00"), ("latest", "105.37")]
)
def test_a_restated_limit_is_owed_only_under_the_latest_vintage(site, vintage, shortfall):
    restated = "2026Q1,J9177,2026-04-01,file name,36.975,19.550\n"
    site.reference["payment_limits"] = SHIPPED["payment_limits"] + restated
    header, *rows = site.terms.splitlines()
    rows = [f"{row},{vintage}" for row in rows]
    site.terms = "\n".join([f"{header},price_vintage", *rows, ""])
    site.bill("A1", 45000, [sv1("J9177", 45000, 410)])
    paid = svc("J9177", 45000, "15054.38", ["CO*45*29945.62"], units=410)
    site.remit([clp("A1", 1, 45000, "15054.38", [paid])])
    (line,) = site.lines()
    assert line["shortfall_usd"] == usd(shortfall)


def test_of_several_reasons_for_no_price_the_first_is_given(site):
    site.terms += "X,acme,J9271,pct_of_limit,100,,2025-01-01,2024-12-01\n"
    site.bill("A1", 180, [sv1("J9271", 180, "")])
    (line,) = site.lines()
    assert line["pricing_basis"] == "not priced: no CMS payment limit"


def test_waste_the_policy_does_not_pay_is_worth_nothing_without_a_term_too(site):
    site.reference["payer_policies"] = SHIPPED["payer_policies"].replace("yes,yes,", "yes,no,", 1)
    site.bill("A1", 180, [sv1("J9271:JW", 180, 5), sv1("J9271", 180, 5)])
    waste, dose = site.lines()
    assert (waste["expected_allowed_usd"], dose["pricing_basis"]) == (0, "not priced: no term")
