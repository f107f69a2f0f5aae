"""Planted histories: claims sent twice, taken back, replaced, voided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from analytics.synthetic.adjudication import Denial, Ruling
from analytics.synthetic.contract_terms import RETROACTIVE_RECORDED_ON
from analytics.synthetic.contracts import expected_usd, term_for
from analytics.synthetic.drugs import DRUGS, HOUSE_CODE, cents
from analytics.synthetic.scenario import Scenario, has_waste, is_covered
from analytics.synthetic.story import LineKey, Story
from analytics.synthetic.visits import Visit, bill, claim_for
from analytics.synthetic.x12_records import (
    Claim,
    RemitClaim,
    reversal_of,
)

UNPROCESSABLE = Denial("CO", "16", "", ("M119",), outcome="returned")
SENT_BEFORE = Denial("OA", "18", "duplicate", outcome="no_event")
PENDED = Denial("PI", "133", "", outcome="open")
REPROCESSED_ON = date(2026, 3, 6)


def returned_then_resent(story: Story) -> None:
    """Unprocessable for want of an NDC (MA130), sent again as the same claim, paid."""
    bare = replace(story.visit, has_vial_counts=False, has_ndc=False)
    claim, day = _returned(story, bill(bare))
    again = replace(bill(replace(bare, has_ndc=True)), submitted_date=day + timedelta(days=5))
    story.submit(replace(again, lines=again.lines))
    _keep_first_lines(story, claim)
    story.settle(claim, story.pay_day(again.submitted_date))
    story.mark(claim, "look_alike_returned_then_paid", "MA130, then paid at contract")


def returned_new_number(story: Story) -> None:
    """Unprocessable (MA130), sent again under a new claim number, paid."""
    _, day = _returned(story, bill(story.visit))
    again = replace(
        claim_for(story.visit, list(bill(story.visit).lines), f"{story.visit.claim_number}A"),
        submitted_date=day + timedelta(days=5),
    )
    story.answered(again)


def returned_for_good(story: Story) -> None:
    """Unprocessable (MA130), never sent again."""
    _returned(story, bill(story.visit))


def corrected_on_one_remit(story: Story) -> None:
    """Paid a tenth short, then taken back and paid right on one remit."""
    claim, first, day = _paid_short(story)
    later = story.pay_day(day, wait=35)
    story.correct(claim, first, later, later)


def corrected_on_a_later_remit(story: Story) -> None:
    """Paid a tenth short, taken back on one remit and paid right two weeks later."""
    claim, first, day = _paid_short(story)
    back = story.pay_day(day, wait=30)
    story.correct(claim, first, back + timedelta(days=14), back)


def reprocessed_for_amendment(story: Story) -> None:
    """Paid before a retroactive amendment, paid again by it afterwards."""
    claim = bill(story.visit)
    first, _ = story.answered(claim)
    story.correct(claim, first, REPROCESSED_ON, REPROCESSED_ON)


def waste_added_by_replacement(story: Story) -> None:
    """The discarded units were forgotten; a replacement claim adds them."""
    whole = bill(story.visit)
    waste = [line for line in whole.lines if "JW" in line.modifiers]
    others = [line for line in whole.lines if "JW" not in line.modifiers]
    claim = claim_for(story.visit, others)
    first, day = story.answered(claim)
    mended = _follow_up(claim_for(story.visit, [*others, *waste]), first, "7", day)
    story.submit(mended)
    later = story.pay_day(mended.submitted_date)
    story.send(later, reversal_of(first))
    story.send(later, story.rule(mended, later))


def voided(story: Story) -> None:
    """Paid, then voided by the practice (frequency 8) and taken back."""
    claim = bill(story.visit)
    first, day = story.answered(claim)
    void = _follow_up(claim, first, "8", day)
    story.submit(void)
    story.send(story.pay_day(void.submitted_date), reversal_of(first))
    for key, truth in story.truths.items():
        story.truths[key] = replace(truth, outcome="closed_unpaid", allowed_usd=Decimal(0))


def sent_twice(story: Story) -> None:
    """The same original sent twice, adjudicated once."""
    claim = bill(story.visit)
    story.submit(claim)
    story.submit(replace(claim, submitted_date=claim.submitted_date + timedelta(days=4)))
    story.settle(claim, story.pay_day(claim.submitted_date))
    story.mark(claim, "look_alike_sent_twice", "one original sent twice counts once")


def denied_as_duplicate(story: Story) -> None:
    """The same original sent twice; the second answer says duplicate, the first one stands."""
    claim = bill(story.visit)
    _, day = story.answered(claim)
    story.submit(replace(claim, submitted_date=claim.submitted_date + timedelta(days=9)))
    later = story.pay_day(day, wait=7)
    second = Ruling(denial=SENT_BEFORE)
    story.send(later, story.rule(claim, later, everywhere=second, is_recorded=False))
    story.mark(claim, "look_alike_duplicate", "OA-18 beside a payment of the same claim")


def pended_then_paid(story: Story) -> None:
    """Pended at first (133), paid four weeks later."""
    claim = _pended(story)
    story.settle(claim, story.pay_day(claim.submitted_date, wait=42))
    story.mark(claim, "look_alike_pended", "133 says nothing; paid later at contract")


def pended_still(story: Story) -> None:
    """Pended (133), nothing since."""
    _pended(story)


def never_answered(story: Story) -> None:
    """Sent, never answered."""
    story.submit(bill(story.visit))


def _returned(story: Story, claim: Claim) -> tuple[Claim, date]:
    claim, day = story.sent(claim)
    remit = story.rule(claim, day, everywhere=Ruling(denial=UNPROCESSABLE))
    story.send(day, replace(remit, remark_codes=("MA130",)))
    return claim, day


def _keep_first_lines(story: Story, claim: Claim) -> None:
    # An original sent again counts once, and the first is kept: its lines are the claim's.
    for number, line in enumerate(claim.lines, start=1):
        key = LineKey(claim.claim_number, number, story.visit.plan.payer_id)
        if key in story.truths:
            story.truths[key] = replace(story.truths[key], line=line)


def _paid_short(story: Story) -> tuple[Claim, RemitClaim, date]:
    claim = bill(story.visit)
    story.submit(claim)
    day = story.pay_day(claim.submitted_date)
    rulings = {}
    for number, line in enumerate(claim.lines, start=1):
        right = expected_usd(term_for(story.visit.plan, line), line)
        if line.hcpcs in DRUGS and right is not None:
            rulings[number] = Ruling(cents(right * Decimal("0.9")), "unexplained")
    return claim, story.settle(claim, day, rulings), day


def _follow_up(claim: Claim, first: RemitClaim, frequency: str, day: date) -> Claim:
    return replace(
        claim,
        frequency=frequency,
        original_control_number=first.payer_control_number,
        submitted_date=day + timedelta(days=8),
    )


def _pended(story: Story) -> Claim:
    claim = bill(story.visit)
    story.submit(claim)
    day = story.pay_day(claim.submitted_date, wait=7)
    story.send(day, story.rule(claim, day, everywhere=Ruling(denial=PENDED), is_recorded=False))
    return claim


def _awaits_amendment(visit: Visit) -> bool:
    paid_by = visit.submitted_date + timedelta(days=35)
    is_due = visit.service_date >= date(2025, 10, 1) and paid_by < RETROACTIVE_RECORDED_ON
    return is_due and visit.hcpcs == HOUSE_CODE


HISTORIES = (
    Scenario(
        "returned_then_resent",
        returned_then_resent,
        {"medicare": 15, "elm": 25},
        is_covered,
        days=120,
    ),
    Scenario("returned_new_number", returned_new_number, {"medicare": 15, "dogwood": 12}, days=120),
    Scenario("returned_for_good", returned_for_good, {"elm": 30, "dogwood": 8}, is_covered),
    Scenario(
        "corrected_on_one_remit",
        corrected_on_one_remit,
        {"alder": 15, "hazel": 30, "medicare": 6},
        days=130,
    ),
    Scenario(
        "corrected_on_a_later_remit",
        corrected_on_a_later_remit,
        {"alder": 12, "birch": 10},
        days=140,
    ),
    Scenario(
        "reprocessed_for_amendment", reprocessed_for_amendment, {"birch": 400}, _awaits_amendment
    ),
    Scenario(
        "waste_added_by_replacement",
        waste_added_by_replacement,
        {"alder": 25, "medicare": 25, "hazel": 20},
        has_waste,
        days=120,
    ),
    Scenario("voided", voided, {"alder": 8, "medicare": 10}, days=120),
    Scenario("sent_twice", sent_twice, {"alder": 10, "birch": 12, "medicare": 10}),
    Scenario("denied_as_duplicate", denied_as_duplicate, {"alder": 12, "medicare": 15}, days=100),
    Scenario("pended_then_paid", pended_then_paid, {"alder": 10, "fir": 20}, days=110),
    Scenario("pended_still", pended_still, {"hazel": 10, "birch": 5}),
    Scenario("never_answered", never_answered, {"alder": 6, "elm": 15, "cedar": 15}),
)
