"""The worked cases of contracts and prices, to the cent, from raw text."""

from __future__ import annotations

from datetime import date

import pytest
from plain_python_tests.written_site import (
    BILLED,
    CONTRACT_PAID,
    INSTITUTIONAL,
    OLD_RATE_PAID,
    PADCEV_20,
    SHIPPED,
    clp,
    sv1,
    sv2,
    svc,
    usd,
)
from plain_python_tests.written_terms import causes, limits, terms, visit

OLD_AND_NEW = (
    {"rate": "0.7150", "effective_through": "2025-12-31", "recorded_on": "2024-11-01"},
    {"effective_from": "2026-01-01"},
)
PEMBROLIZUMAB = (
    ("2025Q4", "J9271", "2025-09-17", "58.000"),
    ("2026Q1", "J9271", "2025-12-17", "59.726"),
    ("2026Q2", "J9271", "2026-03-17", "61.250"),
)
BY_LIMIT = {"hcpcs": "J9271", "method": "pct_of_limit", "rate": "100"}


def test_case_2_a_stale_rate_is_a_superseded_term(site):
    site.terms = terms(*OLD_AND_NEW)
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [OLD_RATE_PAID])])
    (line,) = site.lines()
    assert (line["gap_usd"], line["payer_owed_usd"]) == (usd("2.48"), usd("1.98"))
    assert line["patient_owed_usd"] == usd("0.50")
    assert causes(site) == [("superseded_term", usd("2.48"))]


def test_case_4_hospital_drugs_are_priced_by_addendum_b(site):
    site.terms = terms(
        {"payer_id": "cms", "hcpcs": "J9303", "method": "pct_of_limit", "rate": "100"}
    )
    site.reference["opps_status"] = (
        "effective_from,hcpcs,status_indicator,apc,payment_rate,minimum_copayment,published_on\n"
        "2026-07-01,J9303,K,9303,182.189,31.98,2026-06-20\n"
    )
    billed = [sv2("J9303", "20000", 60, day="20260715")]
    site.bill(
        "A1",
        20000,
        billed,
        payer="CMS1",
        filing="MB",
        sent_on="20260716",
        version=INSTITUTIONAL,
    )
    cuts = ["CO*45*9068.66", "PR*2*1918.80", "CO*253*180.25"]
    paid = svc("J9303", 20000, "8832.29", cuts, units=60)
    claim = clp("A1", 1, 20000, "8832.29", [paid], day="20260715", filing="MB")
    site.remit([claim], payer="CMS1", paid_on="20260801")
    (line,) = site.answers(date(2026, 9, 30))["drug_line_outcomes"]
    assert line["expected_allowed_usd"] == line["allowed_usd"] == usd("10931.34")
    assert (line["gap_usd"], line["patient_usd"]) == (0, usd("1918.80"))
    assert (line["unsupported_cut_usd"], line["overpaid_usd"]) == (0, 0)


@pytest.mark.parametrize(
    ("day", "lag", "expected", "short", "lag_effect"),
    [
        ("20260331", "", "11945.20", "0", "0"),
        ("20260401", "", "12250.00", "304.80", "0"),
        ("20260415", "60", "11945.20", "0", "304.80"),
        ("20260530", "60", "11945.20", "0", "304.80"),
        ("20260531", "60", "12250.00", "304.80", "0"),
    ],
    ids=["last day of a quarter", "first day", "within the lag", "its last day", "after the lag"],
)
def test_case_5_the_quarter_of_service_less_the_lag_prices(
    site, day, lag, expected, short, lag_effect
):
    site.terms = terms(BY_LIMIT | {"price_lag_days": lag})
    site.reference["payment_limits"] = limits(*PEMBROLIZUMAB)
    visit(site, "A1", "11945.20", code="J9271", units=200, charge="20000", day=day)
    (line,) = site.lines()
    assert (line["expected_allowed_usd"], line["shortfall_usd"]) == (usd(expected), usd(short))
    assert line["lag_effect_usd"] == usd(lag_effect)
    assert causes(site) == ([("other_quarter_price", usd(short))] if usd(short) else [])


@pytest.mark.parametrize(
    ("cap", "expected", "limited", "short"),
    [
        ("line", "60.00", "6.83", "0"),
        ("claim", "66.83", "0", "6.83"),
        ("none", "66.83", "0", "6.83"),
    ],
)
def test_case_6_lesser_of_per_line_or_per_claim(site, cap, expected, limited, short):
    site.terms = terms({"charge_cap": cap}, {"charge_cap": cap, "hcpcs": "96372", "rate": "40"})
    site.bill("A1", 210, [sv1("J1324", 60, 90), sv1("96372", 150, 1)])
    paid = [svc("J1324", 60, 60, units=90), svc("96372", 150, 40, ["CO*45*110"], units=1)]
    site.remit([clp("A1", 1, 210, 100, paid)])
    (line,) = site.lines()
    assert line["expected_allowed_usd"] == usd(expected)
    assert (line["charge_limited_usd"], line["shortfall_usd"]) == (usd(limited), usd(short))
    assert causes(site) == ([("rate_difference", usd(short))] if usd(short) else [])


def test_case_13_a_retroactive_rate_is_known_from_the_day_it_was_recorded(site):
    site.terms = terms(
        {}, {"rate": "0.7800", "effective_from": "2026-01-01", "recorded_on": "2026-06-15"}
    )
    visit(site, "A1", "66.83", day="20260210", paid_on="20260301")
    assert causes(site, as_of=date(2026, 3, 31)) == []
    assert causes(site, as_of=date(2026, 6, 30)) == [("superseded_term", usd("3.37"))]


def test_case_15_units_cut_on_the_remit_are_a_difference_of_prices(site):
    site.terms = terms({})
    visit(site, "A1", "6.68", paid_units=9, billed=90)
    assert causes(site) == [("units_reduced", usd("60.15"))]


def test_case_20_halves_go_away_from_zero_and_the_unit_price_is_not_rounded(site):
    site.terms = terms({"rate": "0.6173"})
    visit(site, "A1", "30.87", units=50)
    (line,) = site.lines()
    assert (line["expected_allowed_usd"], line["gap_usd"]) == (usd("30.87"), 0)


@pytest.mark.parametrize("ndc", [PADCEV_20, ""], ids=["its NDC", "no NDC"])
def test_case_24_a_house_code_is_priced_by_milligrams(site, ndc):
    site.terms = terms({"method": "pct_of_limit", "rate": "104"})
    site.bill("A1", 20000, [sv1("J1324", 20000, 100, ndc=ndc, vials="5", day="20251105")])
    (line,) = site.lines()
    assert line["expected_allowed_usd"] == usd("15285.09")


def test_case_24_without_its_house_code_it_is_enfuvirtide(site):
    site.terms = terms({"method": "pct_of_limit", "rate": "104"})
    site.reference["house_codes"] = SHIPPED["house_codes"].splitlines()[0] + "\n"
    site.bill("A1", 20000, [sv1("J1324", 20000, 100, day="20251105")])
    (line,) = site.lines()
    assert (line["drug"], line["expected_allowed_usd"]) == ("enfuvirtide", None)
    assert line["pricing_basis"] == "not priced: no CMS payment limit"


@pytest.mark.parametrize(
    ("vintage", "found"),
    [("first", []), ("latest", [("other_quarter_price", usd("52063.30"))]), ("", [])],
)
def test_case_26_a_restated_limit_is_owed_only_where_the_term_says_latest(site, vintage, found):
    site.terms = terms(
        {
            "hcpcs": "J1454",
            "method": "pct_of_limit",
            "rate": "100",
            "effective_from": "2023-01-01",
            "price_vintage": vintage,
        }
    )
    site.reference["payment_limits"] = limits(
        ("2024Q1", "J1454", "2023-12-15", "173.545"), ("2024Q1", "J1454", "2024-06-01", "694.178")
    )
    facts = {"code": "J1454", "units": 100, "charge": "99000", "day": "20240205"}
    visit(site, "A1", "17354.50", **facts, paid_on="20240220")
    assert causes(site) == found


@pytest.mark.parametrize(("decimals", "short"), [("2", "0"), ("", "1.12"), ("4", "1.11")])
def test_case_30_a_payer_that_rounds_the_unit_price_is_found_out(site, decimals, short):
    site.terms = terms(
        {"hcpcs": "J9177", "method": "pct_of_limit", "rate": "104", "price_decimals": decimals}
    )
    visit(site, "A1", "15666.10", code="J9177", units=410, charge="45000", day="20251105")
    assert causes(site) == ([("rounding", usd(short))] if usd(short) else [])


def test_case_33_a_partial_denial_leaves_a_cent_of_rounding(site):
    site.terms = terms({})
    visit(site, "A1", "6.68", cas=["CO*151*162*81"], paid_units=9, billed=90)
    (line,) = site.lines()
    assert (line["denied_expected_usd"], line["shortfall_usd"]) == (usd("60.14"), usd("0.01"))
    assert causes(site) == [("rounding", usd("0.01"))]


def test_case_34_units_and_price_together_are_two_causes(site):
    site.terms = terms(*OLD_AND_NEW)
    visit(site, "A1", "57.20", paid_units=80, billed=90)
    assert causes(site) == [("units_reduced", usd("7.43")), ("superseded_term", usd("2.20"))]


def test_a_line_paid_to_contract_has_no_cause(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    assert causes(site) == []
