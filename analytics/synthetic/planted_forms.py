"""Planted remit forms: odd but right, or odd and wrong; no price is at fault."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from analytics.synthetic.adjudication import Ruling, Share
from analytics.synthetic.drugs import DRUGS, HOUSE_CODE
from analytics.synthetic.scenario import Scenario, has_no_waste, is_house_code
from analytics.synthetic.story import Story
from analytics.synthetic.visits import bill, claim_for
from analytics.synthetic.x12_records import Adjustment, Claim, ProviderAdjustment

WHOLE_BILL = Decimal(1_000_000)
UNBALANCED_BY = Decimal("25.00")


def unsupported_cut(story: Story) -> None:
    """A Medicare Advantage plan takes sequestration its contract does not grant."""
    claim = bill(story.visit)
    story.answered(claim, {n: Ruling(unsupported_cut=True) for n in _numbers(claim)})


def deductible_only(story: Story) -> None:
    """Nothing is paid because the whole allowed amount is deductible: no denial, no shortfall."""
    claim = bill(story.visit)
    share = Share(deductible_usd=WHOLE_BILL)
    story.answered(claim, {n: Ruling(share=share) for n in _numbers(claim)})
    story.mark(claim, "look_alike_deductible", "paid 0.00: all of it is deductible")


def absent_units(story: Story) -> None:
    """The remit states no units (no SVC05): that means nothing."""
    claim = bill(story.visit)
    silent = Ruling(on_remit={"paid_units": None})
    story.answered(claim, dict.fromkeys(_numbers(claim), silent))
    story.mark(claim, "look_alike_absent_units", "remit line without SVC05, paid at contract")


def charge_below_contract(story: Story) -> None:
    """The practice charged less than the contract pays; a lesser-of clause holds it there."""
    claim = bill(story.visit)
    lines = [
        replace(line, charge_usd=Decimal(line.units) * 140) if line.hcpcs == HOUSE_CODE else line
        for line in claim.lines
    ]
    story.answered(replace(claim, lines=tuple(lines)))


def interest_paid(story: Story) -> None:
    """The payer adds interest for paying late; it is no part of the allowed amount."""
    claim, day = story.sent(bill(story.visit), wait=45)
    remit = replace(story.rule(claim, day), interest_usd=Decimal("31.25"))
    give = ProviderAdjustment("L6", remit.payer_control_number, Decimal("-31.25"))
    story.send(day, remit, provider_adjustments=(give,))
    story.mark(claim, "look_alike_interest", "AMT*I 31.25 and PLB L6, outside the allowed amount")


def claim_level_deductible(story: Story) -> None:
    """A deductible of 100.00 stands on the claim, not on its lines."""
    claim, day = story.sent(bill(story.visit))
    remit = story.rule(claim, day)
    story.send(day, replace(remit, adjustments=(Adjustment("PR", "1", Decimal("100.00")),)))
    story.mark(claim, "look_alike_claim_level", "claim-level PR-1 of 100.00 spread over the lines")


def no_service_lines(story: Story) -> None:
    """The remit claim has no service lines at all."""
    claim, day = story.sent(bill(story.visit, has_administration=False))
    remit = story.rule(claim, day)
    bare = replace(remit, lines=(), charge_usd=remit.charge, adjustments=remit.lines[0].adjustments)
    story.send(day, bare)
    story.mark(claim, "look_alike_no_service_lines", "a CLP without SVC, paid at contract")


def remit_without_claim(story: Story) -> None:
    """The 835 knows a claim the practice's 837 files do not."""
    lines = list(bill(story.visit).lines)
    claim = claim_for(story.visit, lines, f"R{story.visit.number:06d}")
    day = story.pay_day(claim.submitted_date)
    story.send(day, story.rule(claim, day, is_recorded=False))
    story.mark(claim, "look_alike_remit_only", "paid at contract; no 837 was received")


def unbalanced_remit(story: Story) -> None:
    """One line's paid amount contradicts its own adjustments by 25.00."""
    claim, day = story.sent(bill(story.visit))
    remit = story.rule(claim, day)
    first = remit.lines[0]
    wrong = replace(first, paid_usd=first.paid - UNBALANCED_BY)
    remit = replace(remit, lines=(wrong, *remit.lines[1:]), paid_usd=remit.paid - UNBALANCED_BY)
    story.send(day, remit, is_alone=True)
    story.mark(
        claim,
        "unbalanced",
        "SVC02 less its adjustments is not SVC03; the line carries no gap",
        amount_usd=UNBALANCED_BY,
    )


def ndc_of_another_drug(story: Story) -> None:
    """The line names the vial of another drug."""
    claim = bill(story.visit)
    wrong = DRUGS["J9355"].vials[0]
    lines = [
        replace(line, ndc=wrong.ndc11, ndc_quantity=Decimal(1), ndc_unit=wrong.unit)
        if line.hcpcs in DRUGS
        else line
        for line in claim.lines
    ]
    claim = replace(claim, lines=tuple(lines))
    story.answered(claim)
    for key, truth in story.truths.items():
        if truth.is_drug:
            story.truths[key] = replace(truth, is_outside_ledger=True)
    story.mark(claim, "look_alike_ndc_contradicts", "paid at contract by its billed code")


def _numbers(claim: Claim) -> range:
    return range(1, len(claim.lines) + 1)


FORMS = (
    Scenario("unsupported_cut", unsupported_cut, {"dogwood": 300}),
    Scenario(
        "deductible_only",
        deductible_only,
        {"alder": 120, "hazel": 80},
        lambda visit: visit.hcpcs == "J9355",
    ),
    Scenario("absent_units", absent_units, {"alder": 10, "medicare": 20}),
    Scenario("charge_below_contract", charge_below_contract, {"cedar": 80}, is_house_code),
    Scenario("interest_paid", interest_paid, {"alder": 12, "medicare": 15}, days=90),
    Scenario("claim_level_deductible", claim_level_deductible, {"birch": 15, "alder": 5}),
    Scenario(
        "no_service_lines", no_service_lines, {"alder": 60}, lambda visit: visit.hcpcs == "J9299"
    ),
    Scenario(
        "remit_without_claim",
        remit_without_claim,
        {"alder": 15},
        lambda visit: has_no_waste(visit) and visit.plan.line_of_business == "commercial",
    ),
    Scenario("unbalanced_remit", unbalanced_remit, {"cedar": 0}, is_house_code, least=1),
    Scenario(
        "ndc_of_another_drug", ndc_of_another_drug, {"birch": 40}, lambda v: v.hcpcs == "J9299"
    ),
)
