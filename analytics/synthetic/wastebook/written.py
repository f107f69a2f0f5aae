"""The claims and remits of a treatment, as the X12 writer takes them, paid at contract."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from analytics.synthetic.casebook.prices import cents
from analytics.synthetic.wastebook.parties import NAMES_AS_SENT
from analytics.synthetic.wastebook.treatment import DIAGNOSES, INFUSION, Bill, Line, Treatment
from analytics.synthetic.x12_writer import (
    Adjustment,
    Claim,
    ClaimLine,
    Patient,
    Payer,
    RemitClaim,
    RemitLine,
)

DAYS_TO_SUBMIT, DAYS_TO_PAY, DAYS_TO_SECOND = 3, 21, 42
COMMERCIAL, COMMERCIAL_REMIT = "CI", "12"
COINSURANCE = Decimal("0.2")
DRUG_REVENUE, INFUSION_REVENUE = "0636", "0335"


@dataclass(frozen=True)
class Answered:
    """A claim of a treatment, and each answer: day, payer, remit claim."""

    claims: tuple[Claim, ...]
    answers: tuple[tuple[date, str, RemitClaim], ...]


def answered(treatment: Treatment, number: int, patient_number: int) -> Answered:
    """What is sent of a treatment and what comes back."""
    claims, answers = [], []
    for bill, claim_number in zip(treatment.bills, claim_numbers(treatment, number), strict=True):
        claim = _claim(treatment, bill, claim_number, patient_of(patient_number), number)
        claims.append(claim)
        day = treatment.day + timedelta(days=DAYS_TO_PAY)
        answers.append((day, treatment.payer_id, _first_answer(claim, bill)))
        if treatment.second:
            later = treatment.day + timedelta(days=DAYS_TO_SECOND)
            claims.append(_to_second(claim, treatment.second, number))
            answers.append((later, treatment.second, _second_answer(claim, bill)))
    return Answered(tuple(claims), tuple(answers))


def claim_numbers(treatment: Treatment, number: int) -> list[str]:
    """CLM01 of each claim of a treatment: the second ends in B."""
    return [f"W{number:05d}{'B' if place else ''}" for place in range(len(treatment.bills))]


def patient_of(number: int) -> Patient:
    """An invented patient."""
    return Patient(f"SYN08{number:04d}", first_name=f"W{number:03d}")


def _claim(
    treatment: Treatment, bill: Bill, claim_number: str, patient: Patient, number: int
) -> Claim:
    is_hospital = treatment.claim_type == "institutional"
    return Claim(
        claim_number,
        tuple(
            replace(_billed(line, treatment.day), revenue_code=_revenue(line) * is_hospital)
            for line in lines_of(bill)
        ),
        treatment.day + timedelta(days=DAYS_TO_SUBMIT),
        patient=patient,
        payer=_named(treatment.payer_id, number),
        filing_code=COMMERCIAL,
        claim_type=treatment.claim_type,
        place_of_service="13" if is_hospital else "11",
        authorization_number=bill.authorization,
        diagnoses=treatment.diagnoses or DIAGNOSES[treatment.hcpcs],
    )


def lines_of(bill: Bill) -> tuple[Line, ...]:
    """The drug lines of a claim, then its infusion."""
    infusion = Line(INFUSION, 1, bill.infusion_modifiers)
    return (*bill.lines, infusion) if bill.has_infusion else bill.lines


def _billed(line: Line, day: date) -> ClaimLine:
    return ClaimLine(
        line.hcpcs,
        line.charge_usd,
        line.units,
        day,
        line.modifiers,
        ndc=line.ndc,
        ndc_quantity=line.quantity,
        ndc_unit=line.quantity_unit,
        authorization_number=line.authorization,
    )


def _first_answer(claim: Claim, bill: Bill) -> RemitClaim:
    return _remit(claim, tuple(_paid_first(line, claim) for line in lines_of(bill)))


def _second_answer(claim: Claim, bill: Bill) -> RemitClaim:
    lines = tuple(_paid_second(line, claim) for line in lines_of(bill))
    answer = _remit(claim, lines)
    return replace(answer, status="2", payer_control_number=f"SYN2{claim.claim_number}")


def _remit(claim: Claim, lines: tuple[RemitLine, ...]) -> RemitClaim:
    return RemitClaim(
        claim.claim_number,
        lines,
        filing_code=COMMERCIAL_REMIT,
        payer_control_number=f"SYN{claim.claim_number}",
        place_of_service=claim.place_of_service,
        patient=claim.patient,
        service_date=claim.lines[0].service_date,
    )


def _paid_first(line: Line, claim: Claim) -> RemitLine:
    share = cents(line.allowed_usd * COINSURANCE)
    cuts = Adjustment("CO", "45", line.charge_usd - line.allowed_usd), Adjustment("PR", "2", share)
    return _remit_line(line, claim, cuts)


def _paid_second(line: Line, claim: Claim) -> RemitLine:
    share = cents(line.allowed_usd * COINSURANCE)
    return _remit_line(line, claim, (Adjustment("OA", "23", line.charge_usd - share),))


def _remit_line(line: Line, claim: Claim, cuts: tuple[Adjustment, ...]) -> RemitLine:
    return RemitLine(
        line.hcpcs,
        line.charge_usd,
        adjustments=cuts,
        paid_units=line.units,
        modifiers=line.modifiers,
        service_date=claim.lines[0].service_date,
        revenue_code=_revenue(line) if claim.claim_type == "institutional" else "",
    )


def _to_second(claim: Claim, payer_id: str, number: int) -> Claim:
    later = claim.submitted_date + timedelta(days=DAYS_TO_PAY)
    named = _named(payer_id, number)
    return replace(claim, payer=named, payer_rank="S", submitted_date=later)


def _named(payer_id: str, number: int) -> Payer:
    names = NAMES_AS_SENT[payer_id]
    return names[number % len(names)]


def _revenue(line: Line) -> str:
    return INFUSION_REVENUE if line.hcpcs == INFUSION else DRUG_REVENUE
