"""What a payer did with a line: denied, bundled, pended, paid, and for what reason."""

from __future__ import annotations

import pytest
from plain_python_tests.written_site import BILLED, CONTRACT_PAID, clp, sv1, svc, usd


def test_a_denial_moved_to_the_patient_allows_nothing(site):
    site.bill("A1", 45000, [sv1("J9177", 45000, 410, day="20251105")])
    moved = svc("J9177", 45000, 0, ["PR*204*45000"], units=410)
    site.remit([clp("A1", 4, 45000, 0, [moved], day="20251105")])
    (line,) = site.lines()
    assert (line["outcome"], line["liability"]) == ("denied", "patient")
    assert (line["allowed_usd"], line["patient_usd"]) == (0, 0)
    assert line["denied_expected_usd"] == usd("15064.63")
    assert (line["final_reason"], line["gap_usd"], line["overpaid_usd"]) == ("PR-204", None, 0)


def test_a_remark_gives_sixteen_its_class_and_the_overturned_denial_stays_initial(site):
    site.bill("A1", 180, BILLED)
    denied = svc("J1324", 180, 0, ["CO*16*180"], extra=["LQ*HE*N822"])
    site.remit([clp("A1", 4, 180, 0, [denied], icn="OLD")])
    site.bill("A1", 180, [sv1("J1324:JZ", 180, 90)], frequency="7", icn="OLD", sent_on="20260210")
    paid = svc("J1324:JZ", 180, "53.46", ["CO*45*113.17", "PR*2*13.37"], units=90)
    site.remit([clp("A1", 1, 180, "53.46", [paid], icn="NEW")], paid_on="20260301")
    (line,) = site.lines()
    assert (line["claim_id"], line["outcome"], line["gap_usd"]) == ("A1", "paid", 0)
    assert line["initial_outcome"] == "denied"
    assert line["initial_denial_class"] == "missing_or_incorrect_modifier"
    (rates,) = site.answers()["rates"]
    assert (rates["line_initial_denied"], rates["line_initial_lines"]) == (1, 1)
    assert (rates["line_final_denied"], rates["matched_lines"]) == (0, 1)


def test_a_zero_without_a_reason_is_valued_with_denials(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, 0, [svc("J1324", 180, 0, ["CO*45*180"], units=90)])])
    (line,) = site.lines()
    assert (line["outcome"], line["denial_class"]) == ("zero_no_reason", "unmapped")
    assert (line["denied_expected_usd"], line["final_reason"]) == (usd("66.83"), None)


def test_a_capitated_line_is_neither_denied_nor_owed(site):
    site.terms = site.terms.replace("J1324,fixed", "J1324,capitated")
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 4, 180, 0, [svc("J1324", 180, 0, ["CO*24*180"])])])
    (line,) = site.lines()
    assert (line["outcome"], line["expected_allowed_usd"]) == ("suppressed", None)
    assert line["denied_expected_usd"] == 0


def test_a_duplicate_beside_a_payment_changes_nothing_and_alone_is_a_denial(site):
    site.bill("A1", 180, BILLED)
    duplicate = svc("J1324", 180, 0, ["OA*18*180"], units=90)
    site.remit([clp("A1", 4, 180, 0, [duplicate], icn="D")])
    (line,) = site.lines()
    assert (line["outcome"], line["denial_class"], line["liability"]) == (
        "denied",
        "duplicate",
        "other",
    )
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID], icn="P")])
    (line,) = site.lines()
    assert (line["outcome"], line["gap_usd"]) == ("paid", 0)


@pytest.mark.parametrize("code", ["133", "257", "B11"])
def test_a_line_pended_or_forwarded_is_open_beside_a_paid_one(pending_site, code):
    pending_site.bill("A1", 330, [*BILLED, sv1("96372", 150, 1)])
    pended = svc("J1324", 180, 0, [f"CO*{code}*180"], units=90)
    lines = [pended, svc("96372", 150, 40, ["CO*45*110"], units=1)]
    pending_site.remit([clp("A1", 1, 330, 40, lines)])
    outcomes = [line["outcome"] for line in pending_site.lines("claim_line_outcomes")]
    assert outcomes == ["open", "paid"]


@pytest.mark.parametrize("code", ["18", "133"], ids=["like", "silent"])
def test_a_duplicate_beside_another_answer_is_a_duplicate(pending_site, code):
    pending_site.bill("A1", 180, BILLED)
    for icn, reason in (("A", code), ("B", "18")):
        answer = svc("J1324", 180, 0, [f"OA*{reason}*180"], units=90)
        pending_site.remit([clp("A1", 4, 180, 0, [answer], icn=icn)])
    (line,) = pending_site.lines()
    assert (line["outcome"], line["initial_outcome"]) == ("duplicate", "denied")


@pytest.mark.parametrize(
    ("code", "outcome"), [("197", "denied"), ("97", "bundled"), ("18", "denied")]
)
def test_an_upheld_decision_keeps_the_reason_it_upholds(pending_site, code, outcome):
    pending_site.bill("A1", 180, BILLED)
    denied = svc("J1324", 180, 0, [f"CO*{code}*180"], units=90)
    pending_site.remit([clp("A1", 4, 180, 0, [denied], icn="A")])
    upheld = svc("J1324", 180, 0, ["OA*23*1**193*179"], units=90)
    pending_site.remit([clp("A1", 4, 180, 0, [upheld], icn="B")], paid_on="20260401")
    (line,) = pending_site.lines()
    assert (line["outcome"], line["final_reason"]) == (outcome, f"CO-{code}")


def test_a_line_without_an_answer_has_no_initial_amounts(site):
    site.bill("A1", 180, BILLED)
    (line,) = site.lines()
    initial = ("initial_outcome", "initial_allowed_usd", "initial_paid_usd")
    assert [line[column] for column in (*initial, "initial_denial_class")] == [None] * 4
