"""Planted company: second payers, another first payer, one account or one dose over two claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from analytics.synthetic.adjudication import Denial, Ruling
from analytics.synthetic.drugs import DRUGS
from analytics.synthetic.payers import PLANS, name_on_claim
from analytics.synthetic.planted_denials import all_lines
from analytics.synthetic.scenario import Scenario, is_house_code
from analytics.synthetic.story import Story
from analytics.synthetic.visits import Visit, bill, claim_for
from analytics.synthetic.x12_records import (
    Adjustment,
    Claim,
    ClaimLine,
    OtherPayer,
    RemitClaim,
    RemitLine,
)

COVERAGE_ENDED = Denial("CO", "27", "benefit_or_eligibility")
SPLIT_CHARGE = Decimal(240)
SPLIT_UNITS = Decimal(416)


def split_claim(story: Story) -> None:
    """Charges over the claim limit split a day's units over two claims, modifier 76 on one."""
    visit = replace(story.visit, has_vial_counts=False)
    lines = list(bill(visit).lines)
    drug = lines[0]
    rest = Decimal(drug.units) - SPLIT_UNITS
    first = [_charged(drug, SPLIT_UNITS, ()), *(n for n in lines if n.hcpcs not in DRUGS)]
    waste = [_charged(n, Decimal(n.units), ("JW", "76")) for n in lines if "JW" in n.modifiers]
    second = [_charged(drug, rest, ("76",)), *waste]
    for claim in (
        claim_for(visit, first),
        claim_for(visit, second, f"{visit.claim_number}B"),
    ):
        story.answered(claim)
        story.mark(claim, "look_alike_split_claim", "one dose over two claims, modifier 76")


def recurring_account(story: Story) -> None:
    """One account number for two visits three days apart, each paid in full."""
    number = story.visit.claim_number
    for days in (0, 3):
        day = story.visit.service_date + timedelta(days=days)
        claim = replace(
            claim_for(
                story.visit,
                [replace(line, service_date=day) for line in bill(story.visit).lines],
                number,
            ),
            submitted_date=story.visit.submitted_date + timedelta(days=days),
        )
        claim_id = f"{number}-{day:%Y%m%d}"
        story.submit(claim, claim_id=claim_id)
        paid_on = story.pay_day(claim.submitted_date)
        story.send(paid_on, story.rule(claim, paid_on, claim_id=claim_id))
        story.mark(
            claim, "look_alike_recurring_account", "one CLM01, two visits", claim_id=claim_id
        )


def secondary_billed(story: Story) -> None:
    """A supplemental payer is sent the claim and pays what the first left to the patient."""
    _with_secondary(story, is_billed=True, status="1")


def crossed_over(story: Story) -> None:
    """The first payer forwards the claim; the supplemental payer answers without an 837."""
    _with_secondary(story, is_billed=False, status="19")


def payer_switch(story: Story) -> None:
    """Coverage had ended; the claim goes to another payer, who pays as primary."""
    claim = bill(story.visit)
    ended = Ruling(denial=COVERAGE_ENDED)
    _, day = story.answered(claim, dict.fromkeys(all_lines(claim), ended))
    plan = PLANS["hazel"]
    other = replace(bill(replace(story.visit, plan=plan)), submitted_date=day + timedelta(days=7))
    story.submit(other, plan=plan)
    later = story.pay_day(other.submitted_date)
    story.send(later, story.rule(other, later, plan=plan), plan=plan)


def _charged(line: ClaimLine, units: Decimal, modifiers: tuple[str, ...]) -> ClaimLine:
    return replace(line, units=units, charge_usd=units * SPLIT_CHARGE, modifiers=modifiers)


def _with_secondary(story: Story, *, is_billed: bool, status: str) -> None:
    claim = bill(story.visit)
    claim, day = story.sent(claim)
    first = story.rule(claim, day, status=status)
    story.send(day, first)
    plan = PLANS["ginkgo"]
    if is_billed:
        story.submit(_to_secondary(story.visit, claim, first, day + timedelta(days=4)))
    later = story.pay_day(day + timedelta(days=4))
    second = RemitClaim(
        claim.claim_number,
        tuple(_secondary_line(line) for line in first.lines),
        status="2",
        filing_code=plan.remit_filing_code,
        payer_control_number=story.control_number(plan),
        patient=claim.patient,
        service_date=story.visit.service_date,
    )
    story.send(later, second, plan=plan)
    note = "what the first payer left to the patient, paid by the second"
    story.mark(claim, "look_alike_secondary", note, payer_id="ginkgo")


def _to_secondary(visit: Visit, claim: Claim, first: RemitClaim, day: date) -> Claim:
    adjusted: dict[tuple[str, str], Decimal] = {}
    for one in first.all_adjustments:
        key = (one.group, one.reason)
        adjusted[key] = adjusted.get(key, Decimal(0)) + Decimal(one.amount_usd)
    before = OtherPayer(
        claim.payer,
        "P",
        claim.filing_code,
        first.paid,
        tuple(Adjustment(*key, amount) for key, amount in sorted(adjusted.items())),
    )
    return replace(
        claim,
        payer=name_on_claim("ginkgo", visit.number),
        payer_rank="S",
        filing_code=PLANS["ginkgo"].claim_filing_code,
        group_number="",
        other_payers=(before,),
        submitted_date=day,
    )


def _secondary_line(line: RemitLine) -> RemitLine:
    owed = sum((Decimal(o.amount_usd) for o in line.adjustments if o.group == "PR"), Decimal(0))
    prior = Decimal(line.charge_usd) - owed
    return replace(line, adjustments=(Adjustment("OA", "23", prior),), allowed_reported_usd=None)


def _is_full_dose(visit: Visit) -> bool:
    return visit.hcpcs == "J9177" and visit.units > SPLIT_UNITS


COMPANY = (
    Scenario("recurring_account", recurring_account, {"birch": 20, "medicare": 15}),
    Scenario("split_claim", split_claim, {"medicare": 60}, _is_full_dose),
    Scenario("secondary_billed", secondary_billed, {"medicare": 50, "alder": 15}, days=110),
    Scenario("crossed_over", crossed_over, {"medicare": 80}, days=110),
    Scenario("payer_switch", payer_switch, {"alder": 15}, is_house_code, days=120),
)
