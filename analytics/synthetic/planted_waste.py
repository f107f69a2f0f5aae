"""Planted waste: discarded drug not billed, billed wrongly, billed apart, or not paid for."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from analytics.synthetic.drugs import DRUGS, Vial
from analytics.synthetic.scenario import Scenario, has_waste, needs_jz
from analytics.synthetic.story import Story
from analytics.synthetic.visits import Visit, bill, claim_for, drug_line, waste_units

LARGE_PADCEV = DRUGS["J9177"].vials[0]
UNLIKELY_WASTE_UNITS = 40


def waste_not_billed(story: Story) -> None:
    """The discarded units never reach a claim."""
    story.answered(bill(story.visit, waste=Decimal(0), modifiers=()))


def no_modifier(story: Story) -> None:
    """Nothing was discarded, and the claim does not say so."""
    story.answered(bill(story.visit, modifiers=()))


def jz_despite_waste(story: Story) -> None:
    """The claim attests no waste although the vials say otherwise."""
    story.answered(bill(story.visit, waste=Decimal(0), modifiers=("JZ",)))


def jw_and_jz(story: Story) -> None:
    """The discarded line carries both modifiers."""
    claim = bill(story.visit)
    lines = [
        replace(line, modifiers=("JW", "JZ")) if "JW" in line.modifiers else line
        for line in claim.lines
    ]
    story.answered(replace(claim, lines=tuple(lines)))


def waste_on_its_own_claim(story: Story) -> None:
    """The administered drug is on one claim, the discarded drug on another."""
    claim = bill(story.visit)
    waste = [line for line in claim.lines if "JW" in line.modifiers]
    others = [line for line in claim.lines if "JW" not in line.modifiers]
    second = claim_for(story.visit, waste, f"{story.visit.claim_number}W")
    story.answered(claim_for(story.visit, others))
    story.answered(second)
    story.mark(second, "look_alike_waste_apart", "one dose, its waste on a claim of its own")


def waste_overbilled(story: Story) -> None:
    """Only 30 mg vials were opened, and all that was left is billed as waste."""
    opened = _all_large(story.visit)
    waste = waste_units(story.visit.hcpcs, story.visit.units, opened)
    story.answered(bill(story.visit, waste=waste, vials=opened))


def whole_vials_on_one_line(story: Story) -> None:
    """Administered and discarded units stand on one line without a modifier."""
    visit = story.visit
    vial, count = max(visit.vials.items(), key=lambda item: item[0].mg)
    whole = drug_line(
        replace(visit, has_vial_counts=False), visit.units + visit.waste_units, (), vial, count
    )
    others = [line for line in bill(visit).lines if line.hcpcs not in DRUGS]
    story.answered(claim_for(visit, [whole, *others]))


def waste_against_policy(story: Story) -> None:
    """Waste billed to a payer whose policy does not pay it."""
    story.answered(bill(story.visit, waste=story.visit.waste_units))


def _all_large(visit: Visit) -> dict[Vial, int]:
    count = (visit.dose_mg / LARGE_PADCEV.mg).to_integral_value(ROUND_CEILING)
    return {LARGE_PADCEV: int(count)}


def _leaves_a_lot(visit: Visit) -> bool:
    if visit.hcpcs != "J9177":
        return False
    waste = waste_units(visit.hcpcs, visit.units, _all_large(visit))
    return waste >= UNLIKELY_WASTE_UNITS and waste - visit.waste_units >= UNLIKELY_WASTE_UNITS


WASTE = (
    Scenario(
        "waste_not_billed",
        waste_not_billed,
        {"alder": 90, "birch": 45, "medicare": 50, "dogwood": 50, "hazel": 60, "elm": 150},
        has_waste,
    ),
    Scenario("no_modifier", no_modifier, {"medicare": 40, "birch": 50, "dogwood": 40}, needs_jz),
    Scenario(
        "jz_despite_waste",
        jz_despite_waste,
        {"medicare": 45, "birch": 45, "dogwood": 30},
        has_waste,
    ),
    Scenario("jw_and_jz", jw_and_jz, {"birch": 25, "dogwood": 15}, has_waste),
    Scenario(
        "waste_on_its_own_claim",
        waste_on_its_own_claim,
        {"alder": 15, "medicare": 25},
        has_waste,
    ),
    Scenario("waste_overbilled", waste_overbilled, {"medicare": 60, "dogwood": 60}, _leaves_a_lot),
    Scenario(
        "whole_vials_on_one_line",
        whole_vials_on_one_line,
        {"medicare": 15, "birch": 10},
        has_waste,
    ),
    Scenario("waste_against_policy", waste_against_policy, {"cedar": 120}, has_waste),
)
