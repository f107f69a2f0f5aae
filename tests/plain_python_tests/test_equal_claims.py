"""Two claims sent alike under one number: which answer is whose (RULES 4.3)."""

from __future__ import annotations

import pytest
from plain_python_tests.written_site import clp, sv1, svc, usd
from plain_python_tests.written_terms import terms

DOSE = {"hcpcs": "J9271", "rate": "240.00"}


def two_halves(site, answers, *, charges=("60000", "60000")):
    """Send two halves of a dose alike but for modifier 76; answers are icn, SVC code, charge."""
    site.terms = terms(DOSE)
    for code, charge in zip(("J9271", "J9271:76"), charges, strict=True):
        site.bill("A1", charge, [sv1(code, charge, int(charge) // 240)])
    for day, (icn, code, charge, *status) in enumerate(answers, start=1):
        paid = charge if not status else str(-int(charge))
        line = svc(code, paid, paid)
        site.remit(
            [clp("A1", (status or [1])[0], paid, paid, [line], icn=icn)], paid_on=f"2026020{day}"
        )


def allowed(site):
    """Return the allowed amounts of the two claims by their counter."""
    return [line["allowed_usd"] for line in site.lines()]


@pytest.mark.parametrize(
    ("codes", "icns"),
    [
        (("J9271", "J9271:76"), ("I1", "I2")),
        (("J9271:76", "J9271"), ("I1", "I2")),
        (("J9271", "J9271"), ("I1", "I2")),
        (("J9271:76", "J9271:76"), ("I2", "I1")),
    ],
    ids=["as sent", "the other way round", "without the modifier", "both with it"],
)
def test_equal_halves_answered_apart_are_two_answers(site, codes, icns):
    two_halves(site, [(icn, code, "60000") for icn, code in zip(icns, codes, strict=True)])
    assert allowed(site) == [usd("60000.00"), usd("60000.00")]
    assert [line["gap_usd"] for line in site.lines()] == [usd("0.00"), usd("0.00")]


def test_the_lines_tell_whose_answer_it_is_where_they_can(site):
    two_halves(site, [("I1", "J9271:76", "60000")])
    assert allowed(site) == [usd("0.00"), usd("60000.00")]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([("I1", "J9271", "60000"), ("", "J9271", "60000")], ("120000.00", "0.00")),
        ([("I1", "J9271", "60000"), ("I1", "J9271", "60000")], ("120000.00", "0.00")),
        (
            [("I1", "J9271", "60000"), ("I1", "J9271", "60000", 22), ("I2", "J9271", "60000")],
            ("60000.00", "0.00"),
        ),
        (
            [(icn, "J9271", "60000") for icn in ("I1", "I2", "I3")],
            ("180000.00", "0.00"),
        ),
    ],
    ids=["no number", "one number", "a reversal", "more numbers than claims"],
)
def test_what_is_not_told_apart_goes_to_the_least_counter(site, answers, expected):
    two_halves(site, answers)
    assert allowed(site) == [usd(each) for each in expected]
