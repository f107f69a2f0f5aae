"""The remits of the 835 transactions: claims, lines, adjustments, provider adjustments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .money import ZERO
from .reference import Payer
from .told_once import ToldTransaction
from .x12 import Transaction


@dataclass(frozen=True)
class Adjustment:
    """One CAS triplet, or the part of one that a line carries."""

    number: int
    group_code: str
    reason_code: str
    amount: Decimal
    quantity: Decimal | None


@dataclass
class RemitLine:
    """One SVC, with what its event's claim level adds to it (RULES 5.4)."""

    number: int
    offset: int
    hcpcs: str | None
    modifiers: tuple[str, ...]
    charge: Decimal
    paid: Decimal
    revenue_code: str | None
    paid_units: Decimal | None
    original_hcpcs: str | None
    original_units: Decimal | None
    service_date: date | None = None
    through_date: date | None = None
    control_number: str | None = None
    remark_codes: list[str] = field(default_factory=list)
    allowed_reported: Decimal | None = None
    own_adjustments: list[Adjustment] = field(default_factory=list)
    interest: Decimal = ZERO
    shared_adjustments: list[Adjustment] = field(default_factory=list)
    is_explained_by_claim: bool = False

    @property
    def adjustments(self) -> list[Adjustment]:
        """Return its own adjustments and its parts of the claim's, in order."""
        return sorted(self.own_adjustments + self.shared_adjustments, key=lambda each: each.number)

    @property
    def difference(self) -> Decimal:
        """Return SVC02 less its own adjustments less SVC03 (RULES 12.1)."""
        return self.charge - sum((each.amount for each in self.own_adjustments), ZERO) - self.paid

    @property
    def shared_amount(self) -> Decimal:
        return sum((each.amount for each in self.shared_adjustments), ZERO)

    @property
    def line_paid(self) -> Decimal:
        """Return SVC03, less its part of the claim level where that cuts it (RULES 5.4)."""
        return self.paid if self.is_explained_by_claim else self.paid - self.shared_amount

    @property
    def contradicts_itself(self) -> bool:
        """Return whether its own amounts do not balance (RULES 5.5)."""
        explained = self.shared_amount if self.is_explained_by_claim else ZERO
        return self.difference != explained


@dataclass(eq=False)
class RemitClaim:
    """One CLP: an event in the life of a claim."""

    remit: Remit
    number: int
    offset: int
    claim_number: str
    status: str
    charge: Decimal
    paid: Decimal
    filing_code: str | None
    payer_control_number: str | None
    place_of_service: str | None
    service_date: date | None = None
    through_date: date | None = None
    remark_codes: list[str] = field(default_factory=list)
    patient_key: str | None = None
    member: str | None = None
    subscriber: str | None = None
    interest: Decimal = ZERO
    adjustments: list[Adjustment] = field(default_factory=list)
    lines: list[RemitLine] = field(default_factory=list)
    # An extract may tell what was paid and not why it is less than the charge (RULES 14.9).
    is_told: bool = True

    @property
    def all_adjustments(self) -> list[Adjustment]:
        """Return the adjustments as sent, at claim and at line level."""
        return self.adjustments + [each for line in self.lines for each in line.own_adjustments]

    @property
    def contradicts_itself(self) -> bool:
        """Return whether a claim without SVC lines does not balance (RULES 5.5)."""
        cuts = sum((each.amount for each in self.adjustments), ZERO)
        return not self.lines and self.charge - cuts != self.paid

    @property
    def order(self) -> tuple:
        """Return what puts events in order (RULES 4.1)."""
        return (
            self.remit.payment_date or date.max,
            *self.remit.transaction.order,
            self.number,
        )


@dataclass
class ProviderAdjustment:
    """One PLB pair."""

    reason_code: str | None
    reference_id: str | None
    amount: Decimal


@dataclass(eq=False)
class Remit:
    """One 835 transaction."""

    transaction: Transaction | ToldTransaction
    payment_amount: Decimal | None = ZERO
    payment_date: date | None = None
    payer: Payer | None = None
    payee_npi: str | None = None
    payee_tax_id: str | None = None
    claims: list[RemitClaim] = field(default_factory=list)
    provider_adjustments: list[ProviderAdjustment] = field(default_factory=list)


def part_of(adjustment: Adjustment, amount: Decimal) -> Adjustment:
    """Return the part of a claim-level adjustment; its quantity is not spread (RULES 5.4)."""
    return Adjustment(
        adjustment.number, adjustment.group_code, adjustment.reason_code, amount, None
    )
