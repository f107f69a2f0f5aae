"""Every pricing method: its unit price, its percentage, its decimals, and why it has no price."""

from __future__ import annotations

import pytest
from plain_python_tests.written_rows import csv_of
from plain_python_tests.written_site import (
    INSTITUTIONAL,
    PADCEV_20,
    SHIPPED,
    sv1,
    sv2,
    usd,
)
from plain_python_tests.written_terms import limits, terms

MOVED = (
    ("2025Q3", "J9177", "2025-06-17", "36.663"),
    ("2025Q4", "J9177", "2025-09-17", "36.743"),
    ("2026Q1", "J9177", "2025-12-17", "36.718", "Inflation-adjusted coinsurance"),
)
ASP = {"hcpcs": "J9177", "method": "asp_plus", "rate": "6"}


def billed(site, line, **sent):
    """Return the one drug line of a claim that is sent and not answered yet."""
    site.bill("A1", "50000", [line], **sent)
    (row,) = site.lines()
    return row


def listed(site, *rows):
    """Give the site list prices; each is an AWP of 2025 but for what is told."""
    base = {"hcpcs": "", "ndc11": "", "per": "unit", "price_kind": "awp", "price": "1"}
    base |= {"effective_from": "2025-01-01"}
    site.keep("list_prices", csv_of([base | row for row in rows]))


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ({"method": "fixed", "rate": "36.005"}, "3600.50"),
        ({"method": "fixed", "rate": "36.005", "price_decimals": "2"}, "3601.00"),
        ({"method": "fixed", "rate": "36.505", "price_decimals": "0"}, "3700.00"),
        ({"method": "pct_of_limit", "rate": "104"}, "3818.67"),
        ({"method": "pct_of_limit", "rate": "104", "price_decimals": "2"}, "3819.00"),
        ({"method": "asp_plus", "rate": "6"}, "3671.80"),
        ({"method": "asp_plus", "rate": "4.5"}, "3619.84"),
        ({"method": "asp_plus", "rate": "4.5", "price_decimals": "2"}, "3620.00"),
        ({"method": "pct_of_charge", "rate": "7.5", "price_decimals": "2"}, "3750.00"),
    ],
)
def test_what_a_hundred_units_are_worth(site, term, expected):
    site.terms = terms(ASP | term)
    site.reference["payment_limits"] = limits(*MOVED)
    line = billed(site, sv1("J9177", "50000", 100))
    assert line["expected_allowed_usd"] == usd(expected)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((*MOVED[:2], (*MOVED[2][:4], "Added January 2026")), None),
        ((*MOVED[:2], (*MOVED[2][:4], "updated MARCH 2026; inflation-adjusted coinsurance")), None),
        ((*MOVED[:2], (*MOVED[2][:4], "AMP-based payment limit")), "its note"),
        ((*MOVED[:2], (*MOVED[2][:4], "Added January 2026 - WAC")), "its note"),
        ((MOVED[2],), "unchanged since"),
        ((("2025Q4", "J9177", "2025-09-17", "36.718"), MOVED[2]), "unchanged since"),
        ((MOVED[2], ("2026Q2", "J9177", "2026-03-17", "36.9")), "unchanged since"),
    ],
    ids=["added", "updated", "by AMP", "by WAC", "new", "still", "moved later only"],
)
def test_asp_is_told_only_from_a_limit_that_is_asp_plus_six(site, rows, why):
    site.terms = terms(ASP)
    site.reference["payment_limits"] = limits(*rows)
    line = billed(site, sv1("J9177", "50000", 100))
    if why is None:
        assert line["expected_allowed_usd"] == usd("3671.80")
    else:
        said = f"not priced: ASP cannot be told from this limit ({why}"
        assert line["pricing_basis"].startswith(said)


def test_asp_of_a_biosimilar_cannot_be_told(site):
    site.terms = terms(ASP)
    site.reference["payment_limits"] = limits(*MOVED)
    site.reference["drug_codes"] = SHIPPED["drug_codes"].replace("0.25,no", "0.25,yes")
    line = billed(site, sv1("J9177", "50000", 100))
    assert line["pricing_basis"].startswith("not priced: ASP cannot be told from this limit (a bio")


@pytest.mark.parametrize(
    ("method", "rate", "expected"), [("awp_minus", "15", "85.00"), ("wac_plus", "3", "206.00")]
)
def test_list_prices_are_of_their_kind(site, method, rate, expected):
    site.terms = terms({"method": method, "rate": rate})
    wac = {"hcpcs": "J1324", "price_kind": "wac", "price": "2"}
    listed(site, {"hcpcs": "J1324"}, wac, {"hcpcs": "J1324", "price_kind": "acquisition"})
    line = billed(site, sv1("J1324", "500", 100))
    assert line["expected_allowed_usd"] == usd(expected)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"ndc11": PADCEV_20, "price": "3"}, {"hcpcs": "J1324", "price": "2"}], "300.00"),
        ([{"ndc11": "51144-020-01", "price": "3"}], "300.00"),
        ([{"hcpcs": "J1324", "price": "2"}, {"hcpcs": "J9177", "price": "0.7"}], "200.00"),
        ([{"hcpcs": "J9177", "price": "0.7"}], "280.00"),
        ([{"hcpcs": "J9177", "price": "0.7", "per": "mg"}], "70.00"),
        ([{"hcpcs": "J1324", "price": "2", "effective_from": "2026-01-06"}], None),
        ([{"hcpcs": "J1324", "price": "2", "effective_from": "2026-01-05"}], "200.00"),
        ([{"hcpcs": "J1324"}, {"hcpcs": "J1324", "price": "2", "effective_from": ""}], "100.00"),
        ([{"hcpcs": "J9271", "price": "2"}], None),
    ],
    ids=[
        "the NDC first",
        "an NDC with hyphens",
        "the billed code",
        "the CMS code of the drug",
        "a milligram of the CMS code",
        "not in force",
        "in force today",
        "the latest",
        "another code",
    ],
)
def test_the_list_price_of_the_nearest_key(site, rows, expected):
    site.terms = terms({"method": "awp_minus", "rate": "0"})
    listed(site, *rows)
    line = billed(site, sv1("J1324", "500", 100, ndc=PADCEV_20, vials="5"))
    assert line["expected_allowed_usd"] == (expected and usd(expected))
    assert expected or line["pricing_basis"] == "not priced: no AWP list price"


def test_a_price_per_milligram_needs_milligrams(site):
    site.terms = terms({"hcpcs": "J3490", "method": "wac_plus", "rate": "0"})
    listed(site, {"hcpcs": "J3490", "per": "mg", "price_kind": "wac"})
    line = billed(site, sv1("J3490", "500", 100))
    assert line["pricing_basis"] == "not priced: milligrams per unit unknown"


@pytest.mark.parametrize(
    ("code", "units", "key", "expected"),
    [
        ("J1324", 100, {}, "14500.00"),
        ("J9177", 400, {}, "14500.00"),
        ("J1324", 100, {"hcpcs": "J1324"}, "14500.00"),
        ("J9177", 400, {"hcpcs": "J9177"}, "58000.00"),
    ],
    ids=["house code", "CMS code", "its code too", "a key stronger than the drug"],
)
def test_a_rate_keyed_by_drug_is_per_milligram(site, code, units, key, expected):
    site.terms = terms({"hcpcs": "", "drug": "enfortumab vedotin-ejfv", "rate": "145"} | key)
    line = billed(site, sv1(code, "50000", units))
    assert line["expected_allowed_usd"] == usd(expected)


@pytest.mark.parametrize(
    ("status", "rate", "expected"),
    [
        ("K", "36.5", "3650.00"),
        ("G", "36.5", "3650.00"),
        ("N", "", "not priced: packaged under OPPS (status N)"),
        ("E2", "", "not priced: not paid under OPPS (status E2)"),
    ],
)
def test_a_hospital_line_of_medicare_follows_addendum_b(site, status, rate, expected):
    site.terms = terms(ASP | {"payer_id": "cms", "method": "pct_of_limit", "rate": "100"})
    site.reference["opps_status"] = (
        "effective_from,hcpcs,status_indicator,payment_rate,published_on\n"
        f"2026-01-01,J9177,{status},{rate},2025-12-20\n2026-01-01,J9177,K,1,2026-12-20\n"
    )
    sent = {"payer": "CMS1", "filing": "MB"}
    hospital = billed(site, sv2("J9177", "50000", 100), **sent, version=INSTITUTIONAL)
    if hospital["expected_allowed_usd"] is None:
        assert hospital["pricing_basis"] == expected
    else:
        assert hospital["expected_allowed_usd"] == usd(expected)
    site.bill("A2", "50000", [sv1("J9177", "50000", 100)], **sent)
    assert site.lines(claim_id="A2")[0]["expected_allowed_usd"] == usd("3671.80")


def test_addendum_b_is_no_price_of_another_payer(site):
    site.terms = terms(ASP | {"method": "pct_of_limit", "rate": "100"})
    site.reference["opps_status"] = (
        "effective_from,hcpcs,status_indicator,payment_rate,published_on\n"
        "2026-01-01,J9177,K,1,2025-12-20\n"
    )
    line = billed(site, sv2("J9177", "50000", 100), version=INSTITUTIONAL)
    assert line["expected_allowed_usd"] == usd("3671.80")


@pytest.mark.parametrize(
    ("term", "through", "spans"),
    [
        ({"method": "pct_of_limit", "rate": "100"}, "20260401", True),
        ({"method": "pct_of_limit", "rate": "100", "price_lag_days": "30"}, "20260401", False),
        ({"method": "asp_plus"}, "20260401", True),
        ({"method": "awp_minus"}, "20260401", True),
        ({"method": "awp_minus"}, "20260330", False),
        ({"rate": "1", "method": "fixed"}, "20260401", False),
        ({"rate": "1", "method": "fixed", "effective_through": "2026-03-31"}, "20260401", True),
    ],
)
def test_dates_that_reach_over_two_prices(site, term, through, spans):
    site.terms = terms(ASP | term)
    site.reference["payment_limits"] = limits(*MOVED)
    listed(site, {"hcpcs": "J9177"}, {"hcpcs": "J9177", "effective_from": "2026-04-01"})
    segments = sv1("J9177", "50000", 100)
    segments[1] = f"DTP*472*RD8*20260329-{through}"
    line = billed(site, segments)
    assert (line["pricing_basis"] == "not priced: service dates span two prices") is spans
    assert (line["expected_allowed_usd"] is None) is spans


@pytest.mark.parametrize(
    ("limited", "effect"), [(MOVED, "-2.50"), (MOVED[:2], None)], ids=["known", "not known"]
)
def test_the_lag_effect_needs_the_unlagged_price(site, limited, effect):
    site.terms = terms(ASP | {"method": "pct_of_limit", "rate": "100", "price_lag_days": "20"})
    site.reference["payment_limits"] = limits(*limited)
    line = billed(site, sv1("J9177", "50000", 100))
    assert line["expected_allowed_usd"] == usd("3674.30")
    assert line["lag_effect_usd"] == (effect and usd(effect))


def test_dates_over_two_quarters_have_no_unlagged_price(site):
    site.terms = terms(ASP | {"method": "pct_of_limit", "rate": "100", "price_lag_days": "30"})
    site.reference["payment_limits"] = limits(*MOVED)
    segments = sv1("J9177", "50000", 100)
    segments[1] = "DTP*472*RD8*20260329-20260401"
    line = billed(site, segments)
    assert (line["expected_allowed_usd"], line["lag_effect_usd"]) == (usd("3671.80"), None)
