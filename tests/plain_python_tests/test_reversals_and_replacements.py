"""What was taken back, replaced or voided no longer counts."""

from __future__ import annotations

from datetime import date

import pytest
from plain_python_tests.written_site import BILLED, CONTRACT_PAID, NPI, OLD_RATE_PAID, clp, svc, usd


def test_reversal_and_correction_leave_one_payment_and_interest_apart(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [OLD_RATE_PAID], icn="OLD")])
    back = svc("J1324", -180, "-51.48", ["CO*45*-115.65", "PR*2*-12.87"], units=90)
    again = clp("A1", 1, 180, "53.46", [CONTRACT_PAID], icn="NEW", extra=["AMT*I*0.25"])
    reversal = clp("A1", 22, -180, "-51.48", [back], icn="OLD")
    plb = [f"PLB*{NPI}*20261231*L6*-0.25"]
    site.remit([reversal, again], paid_on="20260301", total="2.23", plb=plb)
    (line,) = site.lines()
    assert (line["paid_usd"], line["gap_usd"]) == (usd("53.46"), 0)
    assert (line["interest_usd"], line["recovered_usd"]) == (usd("0.25"), usd("2.48"))
    assert (line["initial_paid_usd"], line["initial_outcome"]) == (usd("51.48"), "paid")
    assert line["first_paid_date"] == line["last_paid_date"] == date(2026, 3, 1)
    assert all(row["balanced"] for row in site.answers()["remit_balances"])


def test_a_void_closes_its_lines(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 4, 180, 0, [svc("J1324", 180, 0, ["CO*197*180"])], icn="OLD")])
    site.bill("A1", 180, BILLED, frequency="8", icn="OLD", sent_on="20260210")
    (line,) = site.lines()
    assert (line["outcome"], line["initial_outcome"]) == ("closed_unpaid", "denied")


def test_a_reversal_of_nothing_known_is_in_no_outcome(site):
    site.bill("A1", 180, BILLED)
    back = svc("J1324", -180, "-51.48", ["CO*45*-115.65", "PR*2*-12.87"], units=90)
    site.remit([clp("A1", 22, -180, "-51.48", [back], icn="GONE")])
    (line,) = site.lines()
    assert (line["outcome"], line["paid_usd"]) == ("open", 0)


@pytest.mark.parametrize(
    ("paid_on", "paid"), [("20260210", "0.00"), ("20260211", "53.46")], ids=["by then", "after"]
)
def test_a_replacement_ends_what_was_paid_by_the_day_it_was_sent(site, paid_on, paid):
    site.bill("A1", 180, BILLED)
    site.bill("A1", 180, BILLED, frequency="7", icn="OLD", sent_on="20260210")
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID], icn="OLD")], paid_on=paid_on)
    (line,) = site.lines()
    assert line["paid_usd"] == usd(paid)


def test_only_a_live_event_adds_a_line(site):
    site.bill("A1", 180, BILLED)
    added = svc("J9271", 500, 500, units=8)
    site.remit([clp("A1", 1, 680, "553.46", [CONTRACT_PAID, added], icn="OLD")])
    assert len(site.lines()) == 2
    back = clp("A1", 22, -680, "-553.46", icn="OLD", cas=["CO*45*-126.54"])
    again = clp("A1", 1, 180, "53.46", [CONTRACT_PAID], icn="NEW")
    site.remit([back, again], paid_on="20260301", total="-500.00")
    assert len(site.lines()) == 1
    cheaper = svc("J9271", 500, 400, ["CO*45*100"], units=8)
    later = clp("A1", 1, 680, "453.46", [CONTRACT_PAID, cheaper], icn="MORE")
    site.remit([later], paid_on="20260401")
    (line,) = site.lines(hcpcs="J9271")
    assert (line["paid_usd"], line["initial_paid_usd"]) == (400, 500)


@pytest.mark.parametrize(
    ("sent", "paid_on", "paid"),
    [("apart", "20260201", "53.46"), ("apart", "20260202", "104.94"), ("one", "", "104.94")],
    ids=["same day", "another day", "same transaction"],
)
def test_a_reversal_numbered_before_its_payment_cancels_it_within_a_day(site, sent, paid_on, paid):
    site.bill("A1", 180, BILLED)
    back = svc("J1324", -180, "-51.48", ["CO*45*-115.65", "PR*2*-12.87"], units=90)
    reversal = clp("A1", 22, -180, "-51.48", [back], icn="OLD")
    reversed_one = clp("A1", 1, 180, "51.48", [OLD_RATE_PAID], icn="OLD")
    if sent == "one":
        site.remit([reversal, reversed_one])
    else:
        site.remit([reversal])
        site.remit([reversed_one], paid_on=paid_on)
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID], icn="NEW")], paid_on="20260301")
    (line,) = site.lines()
    assert line["paid_usd"] == usd(paid)


DENIED_AGAIN = svc("J1324", 180, 0, ["CO*197*180"], units=90)


@pytest.mark.parametrize(
    ("frequency", "answered_on", "answer", "paid", "basis"),
    [
        ("7", "20260211", DENIED_AGAIN, "53.46", "not compared: payment of the claim before its"),
        ("7", "20260211", OLD_RATE_PAID, "51.48", "compared"),
        ("7", "20260210", DENIED_AGAIN, "0.00", "not compared:"),
        ("8", "20260211", DENIED_AGAIN, "0.00", "not compared:"),
    ],
    ids=["paid nothing", "paid", "not answered yet", "voided"],
)
def test_a_payment_stands_again_when_its_replacement_is_paid_nothing(
    site, frequency, answered_on, answer, paid, basis
):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID], icn="OLD")])
    site.bill("A1", 180, BILLED, frequency=frequency, icn="OLD", sent_on="20260210")
    cash = answer[0].split("*")[3]
    site.remit([clp("A1", 1, 180, cash, [answer], icn="NEW")], paid_on=answered_on)
    (line,) = site.lines()
    assert line["paid_usd"] == usd(paid)
    assert line["gap_basis"].startswith(basis)
