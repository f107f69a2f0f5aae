"""How many units a remit proves it paid, and when money came back."""

from __future__ import annotations

from datetime import date

import pytest
from plain_python_tests.written_site import BILLED, CONTRACT_PAID, OLD_RATE_PAID, clp, sv1, svc, usd
from plain_python_tests.written_terms import terms, visit


@pytest.mark.parametrize(
    ("answered", "paid_units", "billed", "expected"),
    [
        ("J9177", 400, "", 100),
        ("J9177", 360, "", None),
        ("J9177", 360, 100, 90),
        ("J9177", 360, 99, None),
        ("J9177", "", 100, None),
        ("J9999", 100, 100, None),
    ],
    ids=["same milligrams", "fewer", "fewer, stated", "another count", "no units", "no milligrams"],
)
def test_paid_units_of_another_code_count_in_milligrams(
    site, answered, paid_units, billed, expected
):
    site.terms = terms({})
    facts = {"answered": answered, "paid_units": paid_units, "billed": billed}
    visit(site, "A1", "60.00", units=100, original="HC:J1324", **facts)
    (line,) = site.lines()
    assert (line["remit_hcpcs"], line["paid_units"]) == (answered, expected)


def test_units_split_over_two_codes_are_one_sum(site):
    site.terms = terms({})
    site.bill("A1", 180, [sv1("J1324", 180, 90)])
    split = [
        svc("J1324", 100, 37, ["CO*45*63"], units=50, original="HC:J1324", billed=50),
        svc("J9177", 80, 29, ["CO*45*51"], units=120, original="HC:J1324", billed=40),
    ]
    site.remit([clp("A1", 1, 180, 66, split)])
    (line,) = site.lines(line_number=1)
    assert line["paid_units"] == 80


def test_a_capped_line_proves_its_units_by_the_price_before_the_cap(site):
    site.terms = terms({"charge_cap": "line", "rate": "2"})
    visit(site, "A1", "160.00", units=90, charge="170.00", paid_units=80)
    (line,) = site.lines()
    assert (line["paid_units"], line["expected_allowed_usd"]) == (80, usd("170.00"))


def test_a_recovery_has_the_day_of_the_event_that_brought_it(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [OLD_RATE_PAID], icn="OLD")])
    back = svc("J1324", -180, "-51.48", ["CO*45*-115.65", "PR*2*-12.87"], units=90)
    reversal = clp("A1", 22, -180, "-51.48", [back], icn="OLD")
    again = clp("A1", 1, 180, "53.46", [CONTRACT_PAID], icn="NEW")
    site.remit([reversal, again], paid_on="20260301")
    (line,) = site.lines()
    assert (line["recovered_usd"], line["recovered_on"]) == (usd("2.48"), date(2026, 3, 1))


def test_nothing_recovered_has_no_day(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [OLD_RATE_PAID])])
    (line,) = site.lines()
    assert (line["recovered_usd"], line["recovered_on"]) == (0, None)


@pytest.mark.parametrize(
    ("payer", "filing", "start"), [("ACME1", "CI", "the contract's"), ("CMS1", "MB", "Medicare:")]
)
def test_an_overpayment_names_why_it_goes_back(site, payer, filing, start):
    site.terms = terms({}, {"payer_id": "cms"})
    visit(site, "A1", "70.00", payer=payer, filing=filing)
    (line,) = site.lines()
    assert line["overpaid_usd"] == usd("3.17")
    assert line["refund_basis"].startswith(start)


@pytest.mark.parametrize(("answered", "expected"), [("J9177", 100), ("J9271", None)])
def test_milligrams_of_another_drug_are_no_paid_units(site, answered, expected):
    site.terms = terms({})
    # The milligrams billed: 400 x 0.25 of the same drug, 100 x 1 of another.
    paid_units = 400 if answered == "J9177" else 100
    facts = {"answered": answered, "paid_units": paid_units, "billed": 100}
    visit(site, "A1", "60.00", units=100, original="HC:J1324", **facts)
    (line,) = site.lines()
    assert (line["remit_hcpcs"], line["paid_units"]) == (answered, expected)
