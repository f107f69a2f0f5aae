"""Who was treated, when, with what dose, and how a correct claim for that visit reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from analytics.synthetic.contracts import AS_OF
from analytics.synthetic.drugs import (
    ADMINISTRATION_CHARGES,
    DRUGS,
    Vial,
    least_waste_vials,
    units_for,
    vial_mg,
    whole_units,
)
from analytics.synthetic.payers import (
    PLAN_WEIGHTS,
    PLANS,
    UNKNOWN_PAYER,
    Plan,
    name_on_claim,
    policy_for,
)
from analytics.synthetic.x12_records import Claim, ClaimLine, Patient

FIRST_SERVICE = date(2024, 4, 1)
INSTITUTIONAL_DRUG, INSTITUTIONAL_ADMINISTRATION = "0636", "0335"
HOUSE_CODE_PAYERS = ("alder", "birch", "cedar", "fir", "hazel", UNKNOWN_PAYER)
SENDS_LINE_NUMBERS = ("alder", "medicare", "dogwood", "hazel")


@dataclass(frozen=True)
class Visit:
    """One patient, one drug, one day, one primary payer."""

    number: int
    patient: Patient
    plan: Plan
    hcpcs: str
    dose_mg: Decimal
    service_date: date
    submitted_date: date
    has_vial_counts: bool
    has_ndc: bool
    extra_hours: int
    coinsurance: Decimal

    @property
    def claim_number(self) -> str:
        """CLM01."""
        return f"S{self.number:06d}"

    @property
    def vials(self) -> dict[Vial, int]:
        """The least-waste vials for the dose."""
        return least_waste_vials(self.hcpcs, self.dose_mg)

    @property
    def units(self) -> Decimal:
        """Administered units, rounded up."""
        return units_for(self.hcpcs, self.dose_mg)

    @property
    def waste_units(self) -> Decimal:
        """Discarded units of the least-waste vials, rounded down."""
        return waste_units(self.hcpcs, self.units, self.vials)


def waste_units(hcpcs: str, administered: Decimal, vials: dict[Vial, int]) -> Decimal:
    """The billable discarded units after the administered ones, rounded down."""
    return whole_units(hcpcs, vial_mg(vials) - administered * DRUGS[hcpcs].unit_mg)


def visits(count: int, rng: Random) -> list[Visit]:
    """So many visits in order of service date, numbered from 1."""
    drawn: list[Visit] = []
    patients = _patients(rng)
    while len(drawn) < count:
        drawn.extend(_course(next(patients), rng))
    # Dropping whole tails would thin the last patients only; drop at random instead.
    kept = rng.sample(drawn, count)
    kept.sort(key=lambda visit: (visit.service_date, visit.patient.member_id))
    return [_numbered(visit, number) for number, visit in enumerate(kept, start=1)]


def bill(
    visit: Visit,
    *,
    modifiers: tuple[str, ...] | None = None,
    waste: Decimal | None = None,
    vials: dict[Vial, int] | None = None,
    has_administration: bool = True,
) -> Claim:
    """The claim a careful practice sends for a visit; name what a planted case does otherwise.

    `modifiers` are those of the administered lines, `waste` the JW units.
    """
    policy = policy_for(visit.plan, visit.service_date)
    opened = vials or visit.vials
    billed_waste = visit.waste_units if waste is None else waste
    if waste is None and policy is not None and not policy.pays_waste:
        billed_waste = Decimal(0)
    if modifiers is None:
        attests = policy is not None and policy.requires_jz and not billed_waste
        modifiers = ("JZ",) if attests else ()
    lines = list(_drug_lines(visit, opened, modifiers))
    if billed_waste:
        lines.append(drug_line(visit, billed_waste, ("JW",), min(opened, key=lambda v: v.mg), 1))
    if has_administration:
        lines += _administration_lines(visit)
    return claim_for(visit, lines)


def claim_for(visit: Visit, lines: list[ClaimLine], claim_number: str = "") -> Claim:
    """A claim of some lines of a visit to its primary payer."""
    number = claim_number or visit.claim_number
    sends = visit.plan.payer_id in SENDS_LINE_NUMBERS
    hospital = visit.plan.claim_type == "institutional"
    return Claim(
        number,
        tuple(
            _with_numbers(line, f"{number}L{place}" if sends else "", hospital)
            for place, line in enumerate(lines, start=1)
        ),
        visit.submitted_date,
        patient=visit.patient,
        payer=name_on_claim(visit.plan.payer_id, visit.number),
        filing_code=visit.plan.claim_filing_code,
        group_number=visit.plan.group_number,
        claim_type=visit.plan.claim_type,
        place_of_service="13" if hospital else "11",
        authorization_number=f"SYNAUTH{visit.number:05d}" if visit.number % 3 else "",
        diagnoses=DRUGS[visit.hcpcs].diagnoses,
    )


def drug_line(
    visit: Visit, units: Decimal, modifiers: tuple[str, ...], vial: Vial, count: int
) -> ClaimLine:
    """One drug line with the vials it names, as far as this visit's records go."""
    quantity = Decimal(count * vial.quantity) if visit.has_vial_counts else None
    return ClaimLine(
        visit.hcpcs,
        units * DRUGS[visit.hcpcs].charge_usd,
        units,
        visit.service_date,
        modifiers,
        ndc=vial.ndc11 if visit.has_ndc or visit.has_vial_counts else "",
        ndc_quantity=quantity,
        ndc_unit=vial.unit,
    )


def _drug_lines(
    visit: Visit, opened: dict[Vial, int], modifiers: tuple[str, ...]
) -> Iterator[ClaimLine]:
    by_size = sorted(opened.items(), key=lambda item: item[0].mg, reverse=True)
    if not visit.has_vial_counts:
        yield drug_line(visit, visit.units, modifiers, *by_size[0])
        return
    # One NDC a line: mixed vial sizes need a line each, the smallest vial takes the rest.
    left = visit.units
    for place, (vial, count) in enumerate(by_size, start=1):
        is_last = place == len(by_size)
        units = left if is_last else whole_units(visit.hcpcs, Decimal(vial.mg * count))
        left -= units
        yield drug_line(visit, units, modifiers, vial, count)


def _administration_lines(visit: Visit) -> list[ClaimLine]:
    lines = [_administration(visit, "96413", 1)]
    if visit.extra_hours:
        lines.append(_administration(visit, "96415", visit.extra_hours))
    if visit.number % 11 == 0:
        lines.append(_administration(visit, "96372", 1))
    return lines


def _administration(visit: Visit, hcpcs: str, units: int) -> ClaimLine:
    charge = ADMINISTRATION_CHARGES[hcpcs] * units
    return ClaimLine(hcpcs, charge, Decimal(units), visit.service_date)


def _with_numbers(line: ClaimLine, line_control_number: str, hospital: bool) -> ClaimLine:
    is_administration = line.hcpcs in ADMINISTRATION_CHARGES
    revenue = INSTITUTIONAL_ADMINISTRATION if is_administration else INSTITUTIONAL_DRUG
    return replace(
        line,
        line_control_number=line_control_number,
        revenue_code=revenue if hospital else "",
    )


def _numbered(visit: Visit, number: int) -> Visit:
    return replace(visit, number=number)


def _patients(rng: Random) -> Iterator[tuple[Patient, Plan]]:
    number = 0
    # One patient of every plan first, so that a small site has every payer too.
    first = [*PLAN_WEIGHTS, UNKNOWN_PAYER]
    while True:
        number += 1
        if first:
            plan = first.pop(0)
        else:
            plan = rng.choices(list(PLAN_WEIGHTS), list(PLAN_WEIGHTS.values()))[0]
        born = date(1938, 1, 1) + timedelta(days=rng.randrange(15_000))
        patient = Patient(f"SYN{number:06d}", "SYNTHETIC", f"{number:03d}", born, rng.choice("FM"))
        yield patient, PLANS[plan]


def _course(treated: tuple[Patient, Plan], rng: Random) -> Iterator[Visit]:
    patient, plan = treated
    hcpcs = _drug_of(plan, rng)
    kilograms = Decimal(rng.randrange(450, 1150)) / 10
    day = FIRST_SERVICE + timedelta(days=rng.randrange((AS_OF - FIRST_SERVICE).days))
    dose = _dose(hcpcs, kilograms, rng)
    has_vial_counts = rng.random() < 0.8
    has_ndc = rng.random() < 0.6
    extra_hours = rng.choice((0, 0, 1))
    coinsurance = _coinsurance(plan, rng)
    gaps = {"J9299": (14,) if dose < 300 else (28,), "J9355": (21,)}.get(hcpcs, (7, 14))
    for turn in range(rng.randrange(4, 13)):
        if day > AS_OF:
            return
        yield Visit(
            0,
            patient,
            plan,
            hcpcs,
            dose,
            day,
            day + timedelta(days=rng.randrange(2, 7)),
            has_vial_counts,
            has_ndc,
            extra_hours,
            coinsurance,
        )
        day += timedelta(days=gaps[turn % len(gaps)])


def _drug_of(plan: Plan, rng: Random) -> str:
    is_house = plan.payer_id in HOUSE_CODE_PAYERS and plan.line_of_business == "commercial"
    padcev = "J1324" if is_house else "J9177"
    return rng.choices((padcev, "J9299", "J9355"), (6, 2, 2))[0]


def _dose(hcpcs: str, kilograms: Decimal, rng: Random) -> Decimal:
    if hcpcs == "J9299":
        return Decimal(rng.choice((240, 240, 480)))
    if hcpcs == "J9355":
        return 6 * kilograms
    per_kilogram = rng.choice((Decimal("1.25"), Decimal("1.25"), Decimal(1)))
    return min(per_kilogram * kilograms, 100 * per_kilogram)


def _coinsurance(plan: Plan, rng: Random) -> Decimal:
    if plan.line_of_business in ("medicaid", "other") or plan.payer_id == "fir":
        return Decimal(0)
    if plan.line_of_business.startswith("medicare"):
        return Decimal("0.2")
    return rng.choice((Decimal("0.2"), Decimal("0.2"), Decimal("0.1"), Decimal(0)))
