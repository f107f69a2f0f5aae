"""Planted denials: whole and partial, for good, overturned, or mended by a replacement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from analytics.synthetic.adjudication import Denial, Ruling
from analytics.synthetic.contracts import expected_usd, term_for
from analytics.synthetic.drugs import ADMINISTRATION_CHARGES, DRUGS
from analytics.synthetic.scenario import (
    Scenario,
    has_waste,
    is_carved_out,
    is_covered,
    is_priced_by_unit,
    needs_jz,
)
from analytics.synthetic.story import Story
from analytics.synthetic.visits import Visit, bill
from analytics.synthetic.x12_records import Claim, reversal_of

NO_AUTHORIZATION = Denial("CO", "197", "prior_authorization")
NOT_NECESSARY = Denial("CO", "50", "medical_necessity", ("N115",))
NO_JZ = Denial("CO", "16", "missing_or_incorrect_modifier", ("N822",))
NO_NDC = Denial("CO", "16", "ndc", ("M119",))
WRONG_MODIFIER = Denial("CO", "4", "missing_or_incorrect_modifier")
NOT_IN_PLAN = Denial("PI", "204", "benefit_or_eligibility")
PATIENT_OWES = Denial("PR", "204", "benefit_or_eligibility")
TOO_LATE = Denial("CO", "29", "timely_filing")
IN_ADVANTAGE_PLAN = Denial("CO", "24", "coordination_of_benefits")
DUPLICATE_JW = Denial("CO", "18", "duplicate")
TOO_MANY_UNITS = Denial("CO", "151", "dosage_or_units")
BUNDLED = Denial("CO", "97", "bundled", outcome="bundled")
NO_REASON = Denial("CO", "45", "", outcome="zero_no_reason")

# Beyond this date what a payer knew on the day and what holds now differ: kept apart.
RETROACTIVE_FROM = date(2025, 10, 1)

Chosen = Callable[[Claim], list[int]]


def drug_lines(claim: Claim) -> list[int]:
    """The numbers of a claim's drug lines."""
    return [n for n, line in enumerate(claim.lines, start=1) if line.hcpcs in DRUGS]


def all_lines(claim: Claim) -> list[int]:
    """The numbers of a claim's lines."""
    return list(range(1, len(claim.lines) + 1))


def waste_lines(claim: Claim) -> list[int]:
    """The numbers of a claim's JW lines."""
    return [n for n, line in enumerate(claim.lines, start=1) if "JW" in line.modifiers]


def last_administration(claim: Claim) -> list[int]:
    """The number of the last administration line."""
    found = [
        n for n, line in enumerate(claim.lines, start=1) if line.hcpcs in ADMINISTRATION_CHARGES
    ]
    return found[-1:]


def denied(denial: Denial, chosen: Chosen = drug_lines) -> Callable[[Story], None]:
    """A denial nobody mends."""

    def act(story: Story) -> None:
        claim = _as_billed(story.visit, denial)
        story.answered(claim, _rulings(claim, denial, chosen))

    return act


def overturned(denial: Denial, chosen: Chosen = drug_lines) -> Callable[[Story], None]:
    """A denial the payer reverses on appeal, reversal and correction on one remit."""

    def act(story: Story) -> None:
        claim = _as_billed(story.visit, denial)
        first, day = story.answered(claim, _rulings(claim, denial, chosen))
        later = story.pay_day(day, wait=40)
        story.correct(claim, first, later, later)

    return act


def replaced(denial: Denial) -> Callable[[Story], None]:
    """A denial mended by a replacement claim (frequency 7) that names the first one's number."""

    def act(story: Story) -> None:
        claim = _as_billed(story.visit, denial)
        first, day = story.answered(claim, _rulings(claim, denial, drug_lines))
        mended = replace(
            bill(story.visit),
            frequency="7",
            original_control_number=first.payer_control_number,
            submitted_date=day + timedelta(days=6),
        )
        story.submit(mended)
        later = story.pay_day(mended.submitted_date)
        story.send(later, reversal_of(first))
        story.send(later, story.rule(mended, later))

    return act


def partly_denied(story: Story) -> None:
    """The payer denies a fifth of the units, and says how many."""
    claim = bill(story.visit)
    line, plan = claim.lines[0], story.visit.plan
    units = Decimal(line.units) // 5
    allowed = expected_usd(term_for(plan, line), line, units=Decimal(line.units) - units)
    ruling = Ruling(
        allowed,
        denied_units=units,
        units_denial=TOO_MANY_UNITS,
        on_remit={"paid_units": Decimal(line.units) - units, "original_units": line.units},
    )
    story.answered(claim, {1: ruling})


def filed_late(story: Story) -> None:
    """The claim went out two hundred days after the visit."""
    late = story.visit.service_date + timedelta(days=200)
    claim = replace(bill(story.visit), submitted_date=late)
    story.answered(claim, _rulings(claim, TOO_LATE, all_lines))


def _as_billed(visit: Visit, denial: Denial) -> Claim:
    if denial in (NO_JZ, WRONG_MODIFIER):
        return bill(visit, modifiers=())
    if denial is NO_NDC:
        return bill(replace(visit, has_ndc=False, has_vial_counts=False))
    return bill(visit)


def _rulings(claim: Claim, denial: Denial, chosen: Chosen) -> dict[int, Ruling]:
    return {number: Ruling(denial=denial) for number in chosen(claim)}


def _has_one_price(visit: Visit) -> bool:
    return is_priced_by_unit(visit) and visit.service_date < RETROACTIVE_FROM


DENIALS = (
    Scenario(
        "no_authorization",
        denied(NO_AUTHORIZATION),
        {"alder": 45, "birch": 25, "fir": 60, "hazel": 30, "dogwood": 15},
        is_carved_out,
    ),
    Scenario(
        "no_authorization_overturned",
        overturned(NO_AUTHORIZATION),
        {"alder": 20, "birch": 10, "hazel": 20},
        days=130,
    ),
    Scenario("not_necessary", denied(NOT_NECESSARY), {"medicare": 20, "dogwood": 45, "alder": 10}),
    Scenario(
        "not_necessary_overturned",
        overturned(NOT_NECESSARY),
        {"medicare": 10, "dogwood": 25},
        days=130,
    ),
    Scenario("no_jz", denied(NO_JZ), {"medicare": 20, "dogwood": 30}, needs_jz),
    Scenario(
        "no_jz_replaced", replaced(NO_JZ), {"medicare": 40, "dogwood": 30}, needs_jz, days=120
    ),
    Scenario(
        "wrong_modifier_replaced", replaced(WRONG_MODIFIER), {"birch": 60}, needs_jz, days=120
    ),
    Scenario("no_ndc", denied(NO_NDC), {"elm": 50}, is_covered),
    Scenario("not_in_plan", denied(NOT_IN_PLAN), {"hazel": 25}),
    Scenario("patient_owes", denied(PATIENT_OWES, all_lines), {"cedar": 40}),
    Scenario("filed_late", filed_late, {"alder": 10, "birch": 12}, days=260),
    Scenario("in_advantage_plan", denied(IN_ADVANTAGE_PLAN, all_lines), {"medicare": 10}),
    Scenario("bundled", denied(BUNDLED, last_administration), {"alder": 30, "birch": 35}),
    Scenario(
        "waste_taken_for_duplicate",
        denied(DUPLICATE_JW, waste_lines),
        {"dogwood": 35, "alder": 12},
        has_waste,
    ),
    Scenario("partly_denied", partly_denied, {"hazel": 40, "alder": 8, "birch": 8}, _has_one_price),
    Scenario("zero_no_reason", denied(NO_REASON), {"elm": 30}, is_covered),
)
