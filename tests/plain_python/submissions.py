"""The claims of the 837 transactions, one submission per CLM, as sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .reference import Payer
from .told_once import ToldTransaction
from .x12 import Transaction


@dataclass(eq=False)
class BilledLine:
    """One SV1, SV2 or SV3."""

    offset: int
    hcpcs: str | None
    modifiers: tuple[str, ...]
    charge: Decimal | None
    units: Decimal | None
    revenue_code: str | None
    place_of_service: str | None
    ndc: str | None = None
    ndc_quantity: Decimal | None = None
    ndc_unit: str | None = None
    service_date: date | None = None
    through_date: date | None = None
    control_number: str | None = None
    authorization_number: str | None = None
    # Its place in the claim where one is told (RULES 14.2); else its place is its order.
    place: int | None = None


@dataclass(eq=False)
class Submission:
    """One CLM with the loops that hold it."""

    transaction: Transaction | ToldTransaction
    number: int
    clm01: str
    charge: Decimal | None
    place_of_service: str | None
    frequency: str
    claim_type: str | None
    submitted_date: date | None
    payer: Payer
    rank: str
    filing_code: str | None
    group_number: str | None
    npi: str | None
    tax_id: str | None
    patient_key: str | None
    original_control_number: str | None = None
    statement_date: date | None = None
    statement_through_date: date | None = None
    claim_date: date | None = None
    claim_through_date: date | None = None
    authorization_number: str | None = None
    diagnoses: tuple[str, ...] = ()
    first_date: date | None = None
    lines: list[BilledLine] = field(default_factory=list)

    @property
    def order(self) -> tuple:
        """Return what puts submissions in order (RULES 3.3)."""
        return (self.submitted_date or date.max, *self.transaction.order, self.number)

    @property
    def last_date(self) -> date | None:
        """Return the last day the claim itself names."""
        return self.statement_through_date or self.claim_through_date

    @property
    def is_replacement_or_void(self) -> bool:
        """Return whether the frequency is 7 or 8."""
        return self.frequency in ("7", "8")
