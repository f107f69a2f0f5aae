"""Claims of one number, date and charge: which answer is whose (RULES 4.3).

A split at the dollar limit makes two claims under one claim number. Where an answer does not say
which it means, answers are taken in turn; where they cannot be, the first claim takes them all.
"""

from dataclasses import replace
from datetime import date

import pytest
from scenario_site import (
    MAR_1,
    Mail,
    Plan,
    Published,
    allowed,
    answer,
    drug,
    payers,
    publish,
    says,
    term,
)

from analytics.synthetic.x12_writer import Envelope, RemitLine, render_835, reversal_of

SPLITS = Plan("splits")
MAR_2, MAR_18 = date(2026, 3, 2), date(2026, 3, 18)
# Both halves with a modifier, so that an answer without one fits neither better.
HALF = drug("J9271", 250, "60000.00", modifiers=("59",))
AGAIN = replace(HALF, modifiers=("76",))
MAIL = Mail()


@pytest.fixture(scope="module")
def reference() -> dict[str, list]:
    return {**payers(SPLITS), "contract_terms": [term(SPLITS, "J9271", "240.00")]}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, reference: dict[str, list]) -> Published:
    return publish(tmp_path_factory.mktemp("equal") / "site", MAIL, reference)


def bill_halves(number: str, *halves) -> None:
    for half in halves or (HALF, AGAIN):
        MAIL.bill(number, half, plan=SPLITS)


def bare(usd: str, **parts) -> RemitLine:
    """The answer of a payer that drops the modifier."""
    return replace(allowed(HALF, usd, **parts), modifiers=())


def pay(number: str, day: date, control_number: str, *lines: RemitLine, **parts) -> None:
    parts = {"payer_control_number": control_number, **parts}
    MAIL.pay(day, answer(number, *lines, **parts), plan=SPLITS, file=f"{number}-{control_number}")


def halves(site: Published, number: str) -> list[dict[str, object]]:
    return [site.line(f"{number}-20260210-{counter}") for counter in (1, 2)]


bill_halves("TURNS")
pay("TURNS", MAR_1, "ONE", bare("60000.00"))
pay("TURNS", MAR_2, "TWO", bare("50000.00"))


def test_answers_that_name_neither_half_are_taken_in_turn(site):
    first, second = halves(site, "TURNS")
    # Both on the first: 50,000.00 overpaid, and the second half open as if never answered.
    says(first, allowed_usd="60000.00", gap_usd="0.00", outcome="paid")
    says(second, allowed_usd="50000.00", shortfall_usd="10000.00", outcome="paid")


bill_halves("WHOLE")
for control_number, day in (("ONE", MAR_2), ("TWO", MAR_1)):
    pay("WHOLE", day, control_number, charge_usd="60000.00", paid_usd="60000.00")


def test_answers_without_service_lines_are_taken_in_turn(site):
    for line in halves(site, "WHOLE"):
        says(line, allowed_usd="60000.00", gap_usd="0.00", overpaid_usd="0.00")


NUMBERED = replace(HALF, line_control_number="H1"), replace(AGAIN, line_control_number="H2")
bill_halves("NUMBERED", *NUMBERED)
pay("NUMBERED", MAR_1, "ONE", bare("50000.00", line_control_number="H2"))
pay("NUMBERED", MAR_2, "TWO", bare("60000.00", line_control_number="H1"))


def test_line_control_number_says_whose_answer_it_is_whatever_came_first(site):
    first, second = halves(site, "NUMBERED")
    says(first, allowed_usd="60000.00", gap_usd="0.00")
    says(second, allowed_usd="50000.00", shortfall_usd="10000.00")


bill_halves("NAMED")
pay("NAMED", MAR_1, "ONE", allowed(AGAIN, "50000.00"))
pay("NAMED", MAR_2, "TWO", allowed(HALF, "60000.00"))


def test_modifier_of_the_answer_says_whose_it_is(site):
    first, second = halves(site, "NAMED")
    says(first, allowed_usd="60000.00", gap_usd="0.00", modifiers="59")
    says(second, allowed_usd="50000.00", shortfall_usd="10000.00", modifiers="76")


bill_halves("THREE")
for control_number, usd in (("ONE", "20000.00"), ("TWO", "30000.00"), ("THREE", "10000.00")):
    pay("THREE", MAR_1, control_number, bare(usd))


def test_more_answers_than_claims_are_all_the_first_claim_s(site):
    first, second = halves(site, "THREE")
    says(first, allowed_usd="60000.00", gap_usd="0.00")
    says(second, outcome="open", allowed_usd="0.00")


bill_halves("UNNAMED")
pay("UNNAMED", MAR_1, "", bare("60000.00"))
pay("UNNAMED", MAR_2, "TWO", bare("60000.00"))


def test_answer_without_a_control_number_of_the_payer_takes_no_turn(site):
    first, second = halves(site, "UNNAMED")
    says(first, allowed_usd="120000.00", overpaid_usd="60000.00")
    says(second, outcome="open")


bill_halves("TAKEN_BACK")
TAKEN = answer("TAKEN_BACK", bare("50000.00"), payer_control_number="ONE")
pay("TAKEN_BACK", MAR_1, "ONE", bare("50000.00"))
CORRECTED = answer("TAKEN_BACK", bare("60000.00"), payer_control_number="TWO")
MAIL.pay(MAR_18, reversal_of(TAKEN), CORRECTED, plan=SPLITS, file="taken-back")


def test_correction_of_a_half_is_no_answer_to_the_other(site):
    first, second = halves(site, "TAKEN_BACK")
    # In turn the correction would pay the second half, and the first would be denied its answer.
    says(first, allowed_usd="60000.00", gap_usd="0.00", recovered_usd="10000.00")
    says(second, outcome="open", allowed_usd="0.00")


bill_halves("TWICE")
for day, usd in ((MAR_1, "20000.00"), (MAR_18, "40000.00")):
    MAIL.pay(
        day,
        answer("TWICE", bare(usd), payer_control_number="ONE"),
        plan=SPLITS, file=f"TWICE-{usd}",
    )  # fmt: skip
pay("TWICE", MAR_2, "TWO", bare("60000.00"))


def test_two_answers_of_one_control_number_are_one_turn(site):
    for line in halves(site, "TWICE"):
        says(line, allowed_usd="60000.00", gap_usd="0.00")


BIG = drug("J9271", 416, "99840.00", modifiers=("59",))
SMALL = drug("J9271", 84, "20160.00", modifiers=("76",))
bill_halves("UNEQUAL", BIG, SMALL)
for control_number, half, usd in (("ONE", SMALL, "20160.00"), ("TWO", BIG, "99840.00")):
    pay("UNEQUAL", MAR_1, control_number, replace(allowed(half, usd), modifiers=()))


def test_unequal_halves_are_told_apart_by_their_charge(site):
    first, second = halves(site, "UNEQUAL")
    says(first, billed_units="416.000", allowed_usd="99840.00", gap_usd="0.00")
    says(second, billed_units="84.000", allowed_usd="20160.00", gap_usd="0.00")


def test_order_of_files_changes_nothing(site, reference, tmp_path):
    remits = list(MAIL.remits.items())
    # Read in the other order, each delivery as it was sent.
    texts = {
        f"{len(remits) - place:03d}.835": render_835(sent, Envelope(control_number=place + 2))
        for place, (_, sent) in enumerate(remits)
    }
    turned = publish(tmp_path / "turned", Mail(claims=MAIL.claims), reference, texts)
    columns = ["claim_id", "line_number", "outcome", "allowed_usd", "gap_usd", "overpaid_usd"]
    found, expected = (
        each.table("drug_line_outcomes").select(columns).sort(columns) for each in (turned, site)
    )
    assert found.equals(expected)
    assert found.height == 2 * len({claim.claim_number for claim in MAIL.claims})
