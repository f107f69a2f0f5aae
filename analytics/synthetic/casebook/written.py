"""The claims and remits of a case, as the X12 writer takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from analytics.synthetic.casebook.case import NOTHING, Case, CaseLine
from analytics.synthetic.casebook.contracts import NAMES_AS_SENT
from analytics.synthetic.casebook.prices import cents
from analytics.synthetic.x12_writer import (
    Adjustment,
    Claim,
    ClaimLine,
    Patient,
    RemitClaim,
    RemitLine,
    reversal_of,
)

DAYS_TO_SUBMIT, DAYS_TO_CORRECT = 3, 28
SEQUESTRATION = Decimal("0.02")
DRUG_REVENUE = "0636"


@dataclass(frozen=True)
class Written:
    """A case under its claim number: the claim, and each answer with its day."""

    case: Case
    claim: Claim
    answers: tuple[tuple[date, RemitClaim], ...]


def written(case: Case, claim_number: str, patient_number: int) -> Written:
    """What is sent and what comes back."""
    claim = _claim(case, claim_number, patient_number)
    answers = [(case.paid_day, _answer(case, claim, case.lines))]
    if case.first_allowed is not None:
        cut = (replace(case.lines[0], allowed_usd=case.first_allowed),)
        first = _answer(case, claim, cut, turn="A")
        later = case.paid_day + timedelta(days=DAYS_TO_CORRECT)
        answers = [
            (case.paid_day, first),
            (later, reversal_of(first)),
            (later, _answer(case, claim, case.lines, turn="B")),
        ]
    return Written(case, claim, tuple(answers))


def _claim(case: Case, claim_number: str, patient_number: int) -> Claim:
    names = NAMES_AS_SENT[case.payer_id]
    is_hospital = case.claim_type == "institutional"
    return Claim(
        claim_number,
        tuple(
            ClaimLine(
                line.hcpcs,
                line.charge,
                line.units,
                case.day,
                line.modifiers,
                ndc=line.ndc,
                line_control_number=f"{claim_number}L{place}" if case.has_line_numbers else "",
                revenue_code=DRUG_REVENUE if is_hospital else "",
            )
            for place, line in enumerate(case.lines, start=1)
        ),
        case.day + timedelta(days=DAYS_TO_SUBMIT),
        patient=Patient(f"SYN09{patient_number:04d}", first_name=f"C{patient_number:03d}"),
        payer=names[patient_number % len(names)],
        filing_code=case.filing_codes[0],
        claim_type=case.claim_type,
        place_of_service="13" if is_hospital else "11",
        billing_npi=case.billing_npi,
    )


def _answer(case: Case, claim: Claim, lines: tuple[CaseLine, ...], turn: str = "") -> RemitClaim:
    remit_lines = []
    for billed, line in zip(claim.lines, lines, strict=True):
        is_first = not remit_lines
        remit_lines += _remit_lines(
            case, billed, line, case.deductible_usd if is_first else NOTHING
        )
    return RemitClaim(
        claim.claim_number,
        tuple(remit_lines),
        filing_code=case.filing_codes[1],
        payer_control_number=f"SYN{claim.claim_number}{turn}",
        place_of_service=claim.place_of_service,
        patient=claim.patient,
        service_date=case.day,
    )


def _remit_lines(
    case: Case, billed: ClaimLine, line: CaseLine, deductible: Decimal
) -> Iterator[RemitLine]:
    said: dict[str, Any] = dict(line.on_remit)
    quantity = said.pop("contractual_quantity", None)
    charge, units = line.charge / line.parts, Decimal(line.units) / line.parts
    for allowed in _parts(line):
        adjustments = _adjustments(case, line, charge, allowed, deductible, quantity)
        remit = RemitLine(
            billed.hcpcs,
            charge,
            adjustments=adjustments,
            paid_units=units,
            modifiers=billed.modifiers,
            service_date=case.day,
            revenue_code=billed.revenue_code,
            line_control_number=billed.line_control_number,
        )
        yield replace(remit, **said)


def _parts(line: CaseLine) -> list[Decimal]:
    each = cents(line.allowed_usd / line.parts)
    return [each] * (line.parts - 1) + [line.allowed_usd - each * (line.parts - 1)]


def _adjustments(
    case: Case,
    line: CaseLine,
    charge: Decimal,
    allowed: Decimal,
    deductible: Decimal,
    quantity: int | None,
) -> tuple[Adjustment, ...]:
    coinsurance = cents((allowed - deductible) * case.coinsurance)
    cut = NOTHING
    if case.is_sequestered:
        cut = cents((allowed - deductible - coinsurance) * SEQUESTRATION)
    denied = sum((Decimal(found.amount_usd) for found in line.denied), NOTHING)
    found = (
        Adjustment("CO", "45", charge - allowed - denied, quantity),
        *line.denied,
        Adjustment("CO", "253", cut),
        Adjustment("PR", "1", deductible),
        Adjustment("PR", "2", coinsurance),
    )
    return tuple(one for one in found if one.amount_usd)
