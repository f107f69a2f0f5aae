"""The segments of 837 claims, professional and institutional, between BHT and SE."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from analytics.synthetic.x12_records import Claim, ClaimLine, OtherPayer, Patient
from analytics.synthetic.x12_text import (
    ADDRESS,
    PRACTICE,
    adjustment_segments,
    number_text,
    person,
    segment,
)


def claims_body(submitted: date, claims: Sequence[Claim], claim_type: str) -> Iterator[str]:
    """The segments of one transaction: a billing provider level, a subscriber level per claim."""
    yield segment(
        "BHT", "0019", "00", f"SYN{submitted:%Y%m%d}", f"{submitted:%Y%m%d}", "1200", "CH"
    )
    yield segment("NM1", "41", "2", PRACTICE, "", "", "", "", "46", "SYNTHETICSENDER")
    yield segment("PER", "IC", "SYNTHETIC DESK", "TE", "5555550100")
    yield segment("NM1", "40", "2", "SYNTHETIC CLEARINGHOUSE", "", "", "", "", "46", "SYNTHETIC")
    level = 0
    for (npi, tax_id), found in groupby(claims, key=lambda c: (c.billing_npi, c.billing_tax_id)):
        level += 1
        provider_level = level
        yield segment("HL", str(level), "", "20", "1")
        yield segment("NM1", "85", "2", PRACTICE, "", "", "", "", "XX", npi)
        yield from ADDRESS
        yield segment("REF", "EI", tax_id)
        for claim in found:
            level += 1
            yield segment("HL", str(level), str(provider_level), "22", "0")
            yield from _subscriber(claim)
            yield from _claim(claim, claim_type)


def _subscriber(claim: Claim) -> Iterator[str]:
    patient = claim.patient
    yield segment(
        "SBR", claim.payer_rank, "18", claim.group_number, "", "", "", "", "", claim.filing_code
    )
    yield person("IL", patient)
    yield from ADDRESS
    yield segment("DMG", "D8", f"{patient.birth_date:%Y%m%d}", patient.sex)
    yield segment("NM1", "PR", "2", claim.payer.name, "", "", "", "", "PI", claim.payer.code)


def _claim(claim: Claim, claim_type: str) -> Iterator[str]:
    qualifier = "B" if claim_type == "professional" else "A"
    place = f"{claim.place_of_service}:{qualifier}:{claim.frequency}"
    signature = "Y" if claim_type == "professional" else ""
    yield segment(
        "CLM",
        claim.claim_number,
        number_text(claim.charge_usd),
        "",
        "",
        place,
        signature,
        "A",
        "Y",
        "Y",
    )
    if claim_type == "institutional":
        first = min(line.service_date for line in claim.lines)
        last = max(line.service_through_date or line.service_date for line in claim.lines)
        yield segment("DTP", "434", "RD8", f"{first:%Y%m%d}-{last:%Y%m%d}")
        yield segment("CL1", "3", "", "01")
    if claim.authorization_number:
        yield segment("REF", "G1", claim.authorization_number)
    if claim.original_control_number:
        yield segment("REF", "F8", claim.original_control_number)
    yield from _diagnoses(claim.diagnoses, claim_type)
    if claim_type == "institutional":
        yield segment("NM1", "71", "1", "SYNTHETIC", "DOCTOR", "", "", "", "XX", "1999999976")
    for other in claim.other_payers:
        yield from _other_payer(other, claim.patient)
    for number, line in enumerate(claim.lines, start=1):
        yield from _claim_line(line, number, claim_type)


def _diagnoses(codes: tuple[str, ...], claim_type: str) -> Iterator[str]:
    named = [f"{'ABF' if place else 'ABK'}:{code}" for place, code in enumerate(codes)]
    if claim_type == "professional":
        if named:
            yield segment("HI", *named)
        return
    # The institutional guide keeps the principal diagnosis in a segment of its own.
    for part in (named[:1], named[1:]):
        if part:
            yield segment("HI", *part)


def _other_payer(other: OtherPayer, patient: Patient) -> Iterator[str]:
    yield segment("SBR", other.rank, "18", "", "", "", "", "", "", other.filing_code)
    yield from adjustment_segments(other.adjustments)
    if other.paid_usd is not None:
        yield segment("AMT", "D", number_text(other.paid_usd))
    yield segment("OI", "", "", "Y", "", "", "Y")
    yield person("IL", patient)
    yield segment("NM1", "PR", "2", other.payer.name, "", "", "", "", "PI", other.payer.code)


def _claim_line(line: ClaimLine, number: int, claim_type: str) -> Iterator[str]:
    code = ":".join(("HC", line.hcpcs, *line.modifiers)) if line.hcpcs else ""
    charge, units = number_text(line.charge_usd), number_text(line.units)
    yield segment("LX", str(number))
    if claim_type == "professional":
        yield segment("SV1", code, charge, "UN", units, line.place_of_service, "", "1")
    else:
        yield segment("SV2", line.revenue_code, code, charge, "UN", units)
    if line.service_through_date and line.service_through_date != line.service_date:
        span = f"{line.service_date:%Y%m%d}-{line.service_through_date:%Y%m%d}"
        yield segment("DTP", "472", "RD8", span)
    else:
        yield segment("DTP", "472", "D8", f"{line.service_date:%Y%m%d}")
    if line.authorization_number:
        yield segment("REF", "G1", line.authorization_number)
    if line.line_control_number:
        yield segment("REF", "6R", line.line_control_number)
    if line.ndc:
        yield segment("LIN", "", "N4", line.ndc)
        if line.ndc_quantity is not None:
            yield segment("CTP", "", "", "", number_text(line.ndc_quantity), line.ndc_unit)
