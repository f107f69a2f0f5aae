"""What a claim and a remit hold before they become X12 text, in the trade's own words.

Money and units are decimals (`Decimal`, whole numbers or decimal text; never floats). Everything is
frozen, so a variant of a claim is `dataclasses.replace(claim, frequency="7")`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

Number = Decimal | int | str

BILLING_NPI = "1999999984"
BILLING_TAX_ID = "999999999"


@dataclass(frozen=True)
class Patient:
    """An invented patient; the names say so."""

    member_id: str = "SYN000001"
    last_name: str = "SYNTHETIC"
    first_name: str = "001"
    birth_date: date = date(1960, 1, 1)
    sex: str = "U"


@dataclass(frozen=True)
class Payer:
    """A payer as one file names it: the same payer may be sent under several names and ids."""

    name: str = "ALDER HEALTH (SYNTHETIC)"
    code: str = "SYNALDER"
    other_code: str = ""


@dataclass(frozen=True)
class Adjustment:
    """One CAS triplet: group, reason, dollars taken from the charge, units taken."""

    group: str
    reason: str
    amount_usd: Number
    quantity: Number | None = None


@dataclass(frozen=True)
class ClaimLine:
    """One billed service line (SV1 or SV2 with its NDC)."""

    hcpcs: str
    charge_usd: Number
    units: Number
    service_date: date
    modifiers: tuple[str, ...] = ()
    service_through_date: date | None = None
    ndc: str = ""
    ndc_quantity: Number | None = None
    ndc_unit: str = "UN"
    line_control_number: str = ""
    authorization_number: str = ""
    revenue_code: str = ""
    place_of_service: str = ""


@dataclass(frozen=True)
class OtherPayer:
    """Another payer named on the claim, with what it paid if it came before."""

    payer: Payer
    rank: str = "P"
    filing_code: str = "CI"
    paid_usd: Number | None = None
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True)
class Claim:
    """One CLM: one submission of a claim to one payer."""

    claim_number: str
    lines: tuple[ClaimLine, ...]
    submitted_date: date
    patient: Patient = Patient()
    payer: Payer = Payer()
    payer_rank: str = "P"
    filing_code: str = "CI"
    group_number: str = ""
    claim_type: str = "professional"
    place_of_service: str = "11"
    frequency: str = "1"
    original_control_number: str = ""
    authorization_number: str = ""
    diagnoses: tuple[str, ...] = ("C679",)
    other_payers: tuple[OtherPayer, ...] = ()
    billing_npi: str = BILLING_NPI
    billing_tax_id: str = BILLING_TAX_ID

    @property
    def charge_usd(self) -> Decimal:
        """The sum of the lines' charges (CLM02)."""
        return sum((Decimal(line.charge_usd) for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class RemitLine:
    """One SVC; `paid_usd` left out is charge less adjustments, no `paid_units` is no SVC05."""

    hcpcs: str
    charge_usd: Number
    paid_usd: Number | None = None
    adjustments: tuple[Adjustment, ...] = ()
    paid_units: Number | None = None
    modifiers: tuple[str, ...] = ()
    service_date: date | None = None
    original_hcpcs: str = ""
    original_modifiers: tuple[str, ...] = ()
    original_units: Number | None = None
    revenue_code: str = ""
    line_control_number: str = ""
    remark_codes: tuple[str, ...] = ()
    allowed_reported_usd: Number | None = None

    @property
    def paid(self) -> Decimal:
        """What the payer says it paid (SVC03)."""
        if self.paid_usd is not None:
            return Decimal(self.paid_usd)
        return Decimal(self.charge_usd) - total_of(self.adjustments)


@dataclass(frozen=True)
class RemitClaim:
    """One CLP; charge, paid and patient responsibility left out follow from the lines."""

    claim_number: str
    lines: tuple[RemitLine, ...] = ()
    status: str = "1"
    charge_usd: Number | None = None
    paid_usd: Number | None = None
    patient_responsibility_usd: Number | None = None
    filing_code: str = "12"
    payer_control_number: str = ""
    place_of_service: str = "11"
    frequency: str = "1"
    adjustments: tuple[Adjustment, ...] = ()
    patient: Patient = Patient()
    remark_codes: tuple[str, ...] = ()
    group_number: str = ""
    service_date: date | None = None
    service_through_date: date | None = None
    received_date: date | None = None
    interest_usd: Number | None = None

    @property
    def charge(self) -> Decimal:
        """The submitted charge (CLP03)."""
        if self.charge_usd is not None:
            return Decimal(self.charge_usd)
        return sum((Decimal(line.charge_usd) for line in self.lines), Decimal(0))

    @property
    def paid(self) -> Decimal:
        """What was paid on the claim (CLP04)."""
        if self.paid_usd is not None:
            return Decimal(self.paid_usd)
        return self.charge - total_of(self.all_adjustments)

    @property
    def patient_responsibility(self) -> Decimal:
        """The patient's part (CLP05)."""
        if self.patient_responsibility_usd is not None:
            return Decimal(self.patient_responsibility_usd)
        return total_of(found for found in self.all_adjustments if found.group == "PR")

    @property
    def all_adjustments(self) -> tuple[Adjustment, ...]:
        """Claim-level adjustments, then those of the lines."""
        return self.adjustments + tuple(found for line in self.lines for found in line.adjustments)


@dataclass(frozen=True)
class ProviderAdjustment:
    """One PLB pair; a positive amount takes money from the cheque."""

    reason: str
    reference: str
    amount_usd: Number


@dataclass(frozen=True)
class Remit:
    """One 835 transaction; `payment_usd` left out balances: sum of CLP04 less sum of PLB."""

    payment_date: date
    claims: tuple[RemitClaim, ...]
    payer: Payer = Payer()
    trace_number: str = "SYN0001"
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    payment_usd: Number | None = None
    payee_npi: str = BILLING_NPI
    payee_tax_id: str = BILLING_TAX_ID

    @property
    def payment(self) -> Decimal:
        """The amount of the cheque (BPR02)."""
        if self.payment_usd is not None:
            return Decimal(self.payment_usd)
        paid = sum((claim.paid for claim in self.claims), Decimal(0))
        return paid - sum((Decimal(p.amount_usd) for p in self.provider_adjustments), Decimal(0))


def total_of(adjustments: Iterable[Adjustment]) -> Decimal:
    """The dollars of some adjustments, added.

    >>> total_of([Adjustment("CO", "45", "113.17"), Adjustment("PR", "2", "13.37")])
    Decimal('126.54')
    """
    return sum((Decimal(found.amount_usd) for found in adjustments), Decimal(0))


def reversal_of(claim: RemitClaim) -> RemitClaim:
    """The remit claim that takes this one back: status 22, same codes, every amount negated.

    Source: X12 interpretation 1147 (group code CR does not exist in 5010).
    """
    return replace(
        claim,
        status="22",
        lines=tuple(_reversed_line(line) for line in claim.lines),
        charge_usd=-claim.charge,
        paid_usd=-claim.paid,
        adjustments=_negated(claim.adjustments),
        patient_responsibility_usd=None,
        interest_usd=None,
    )


def _reversed_line(line: RemitLine) -> RemitLine:
    allowed = line.allowed_reported_usd
    return replace(
        line,
        charge_usd=-Decimal(line.charge_usd),
        paid_usd=-line.paid,
        adjustments=_negated(line.adjustments),
        allowed_reported_usd=None if allowed is None else -Decimal(allowed),
    )


def _negated(adjustments: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    return tuple(
        replace(
            found,
            amount_usd=-Decimal(found.amount_usd),
            quantity=None if found.quantity is None else -Decimal(found.quantity),
        )
        for found in adjustments
    )
