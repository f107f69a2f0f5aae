"""The segments of 835 remits, between ST and SE."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.synthetic.x12_records import Remit, RemitClaim, RemitLine
from analytics.synthetic.x12_text import (
    ADDRESS,
    PRACTICE,
    adjustment_segments,
    number_text,
    person,
    segment,
)

BANK = "01*999999999*DA*SYNTHETIC"
PAIRS_PER_PLB = 6


def remit_body(remit: Remit) -> Iterator[str]:
    """The segments of one transaction: cheque, payer, payee, claims, provider adjustments."""
    payment = remit.payment
    if payment < 0:
        raise ValueError(
            f"a cheque cannot be negative; found {payment} for trace {remit.trace_number}. "
            "Add a provider adjustment (FB, negative) that carries the balance forward."
        )
    how = "I*{}*C*ACH*CCP*{}*1999999999**{}" if payment else "H*{}*C*NON" + "*" * 11
    yield f"BPR*{how.format(number_text(payment), BANK, BANK)}*{remit.payment_date:%Y%m%d}"
    yield segment("TRN", "1", remit.trace_number, "1999999999")
    yield segment("DTM", "405", f"{remit.payment_date:%Y%m%d}")
    yield segment(
        "N1", "PR", remit.payer.name, *(("XV", remit.payer.code) if remit.payer.code else ())
    )
    yield from ADDRESS
    if remit.payer.other_code:
        yield segment("REF", "2U", remit.payer.other_code)
    yield segment("PER", "BL", "SYNTHETIC DESK", "TE", "5555550100")
    yield segment("N1", "PE", PRACTICE, "XX", remit.payee_npi)
    yield segment("REF", "TJ", remit.payee_tax_id)
    if remit.claims:
        yield segment("LX", "1")
    for claim in remit.claims:
        yield from _remit_claim(claim)
    yield from _plb_segments(remit)


def _remit_claim(claim: RemitClaim) -> Iterator[str]:
    patient_part = claim.patient_responsibility
    # A reversal states no patient responsibility, only the negated adjustments.
    patient_text = "" if claim.status == "22" or not patient_part else number_text(patient_part)
    yield segment(
        "CLP",
        claim.claim_number,
        claim.status,
        number_text(claim.charge),
        number_text(claim.paid),
        patient_text,
        claim.filing_code,
        claim.payer_control_number,
        claim.place_of_service,
        claim.frequency,
    )
    yield from adjustment_segments(claim.adjustments)
    yield person("QC", claim.patient)
    if claim.remark_codes:
        yield segment("MOA", "", "", *claim.remark_codes)
    if claim.group_number:
        yield segment("REF", "1L", claim.group_number)
    for qualifier, day in (
        ("232", claim.service_date),
        ("233", claim.service_through_date),
        ("050", claim.received_date),
    ):
        if day:
            yield segment("DTM", qualifier, f"{day:%Y%m%d}")
    if claim.interest_usd is not None:
        yield segment("AMT", "I", number_text(claim.interest_usd))
    for line in claim.lines:
        yield from _remit_line(line)


def _remit_line(line: RemitLine) -> Iterator[str]:
    billed_as = (line.original_hcpcs, *line.original_modifiers) if line.original_hcpcs else ()
    yield segment(
        "SVC",
        ":".join(("HC", line.hcpcs, *line.modifiers)),
        number_text(line.charge_usd),
        number_text(line.paid),
        line.revenue_code,
        "" if line.paid_units is None else number_text(line.paid_units),
        ":".join(("HC", *billed_as)) if billed_as else "",
        "" if line.original_units is None else number_text(line.original_units),
    )
    if line.service_date:
        yield segment("DTM", "472", f"{line.service_date:%Y%m%d}")
    yield from adjustment_segments(line.adjustments)
    if line.line_control_number:
        yield segment("REF", "6R", line.line_control_number)
    if line.allowed_reported_usd is not None:
        yield segment("AMT", "B6", number_text(line.allowed_reported_usd))
    for code in line.remark_codes:
        yield segment("LQ", "HE", code)


def _plb_segments(remit: Remit) -> Iterator[str]:
    pairs = remit.provider_adjustments
    for start in range(0, len(pairs), PAIRS_PER_PLB):
        elements = ["PLB", remit.payee_npi, f"{remit.payment_date.year}1231"]
        for pair in pairs[start : start + PAIRS_PER_PLB]:
            reference = f"{pair.reason}:{pair.reference}" if pair.reference else pair.reason
            elements += [reference, number_text(pair.amount_usd)]
        yield segment(*elements)
