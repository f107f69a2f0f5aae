"""A claim line for one payer and rank, and what an event says about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .claims import Claim
from .events import Event
from .money import ZERO
from .reference import Payer
from .remits import Adjustment, RemitLine

# Forwarded and predetermined answers (RULES 4.8).
SILENT_STATUS = ("23", "25")


@dataclass(frozen=True)
class ClaimFacts:
    """What a line has from the claim that holds it."""

    payer: Payer
    claim_type: str | None
    npi: str | None
    tax_id: str | None
    submitted_date: date | None
    filing_code: str | None
    group_number: str | None
    patient_key: str | None
    place_of_service: str | None
    source_file: str
    authorization_number: str | None = None
    diagnoses: tuple[str, ...] = ()

    @property
    def billing_id(self) -> str | None:
        """Return the billing NPI, else the tax id."""
        return self.npi or self.tax_id


@dataclass(eq=False)
class Hit:
    """What one event says about one claim line, all its remit lines together."""

    event: Event
    match_method: str
    remit_lines: list[RemitLine] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)
    paid: Decimal = ZERO
    interest: Decimal = ZERO
    is_silent: bool = False
    allows: bool = False

    @property
    def remark_codes(self) -> list[str]:
        """Return the remarks of the line, then those of the claim (RULES 6.2)."""
        of_line = [code for line in self.remit_lines for code in line.remark_codes]
        return of_line + self.event.remit_claim.remark_codes

    def remarks_beside(self, adjustment: Adjustment) -> list[str]:
        """Return the remarks of an adjustment's own remit line, then the claim's (RULES 6.2)."""
        of_line = [
            code
            for line in self.remit_lines
            if any(each is adjustment for each in line.adjustments)
            for code in line.remark_codes
        ]
        return of_line + self.event.remit_claim.remark_codes

    @property
    def speaks(self) -> bool:
        """Return whether it says anything of money or reasons (RULES 4.8)."""
        return not self.is_silent and self.event.remit_claim.status not in SILENT_STATUS

    @property
    def contradicts_itself(self) -> bool:
        """Return whether the line, or the claim without lines, does not balance (RULES 5.5)."""
        of_claim = not self.remit_lines and self.event.remit_claim.contradicts_itself
        return of_claim or any(line.contradicts_itself for line in self.remit_lines)


@dataclass(eq=False)
class ClaimLine:
    """A line of a claim, for one payer and rank."""

    claim: Claim
    rank: str
    facts: ClaimFacts
    standing: str
    billed_basis: str
    hcpcs: str | None
    modifiers: tuple[str, ...]
    charge: Decimal | None
    units: Decimal | None
    service_date: date | None
    through_date: date | None
    offset: int
    revenue_code: str | None = None
    place_of_service: str | None = None
    ndc: str | None = None
    ndc_quantity: Decimal | None = None
    ndc_unit: str | None = None
    control_number: str | None = None
    authorization_number: str | None = None
    place: int | None = None
    line_number: int = 0
    hits: list[Hit] = field(default_factory=list)

    @property
    def is_waste(self) -> bool:
        """Return whether JW stands in any position (RULES 7.5)."""
        return "JW" in self.modifiers

    @property
    def live_hits(self) -> list[Hit]:
        return [hit for hit in self.hits if hit.event.is_live]

    @property
    def match_method(self) -> str | None:
        """Return how its last live remit line, better one that speaks, was matched (RULES 5.3)."""
        heard = self.spoken or self.live_hits
        return heard[-1].match_method if heard else None

    @property
    def spoken(self) -> list[Hit]:
        """Return the live events that speak, in order (RULES 6.3)."""
        return [hit for hit in self.live_hits if hit.speaks]

    @property
    def first_paid_date(self) -> date | None:
        return self.spoken[0].event.payment_date if self.spoken else None

    @property
    def first_answered_date(self) -> date | None:
        """Return the day of the first answer that allows something, else of the first (RULES 8.5).

        Cancelled and ended events are included.
        """
        spoke = [hit for hit in self.hits if hit.speaks]
        first = next((hit for hit in spoke if hit.allows), spoke[0] if spoke else None)
        return first.event.payment_date if first else None

    @property
    def last_paid_date(self) -> date | None:
        return self.spoken[-1].event.payment_date if self.spoken else None

    @property
    def key(self) -> tuple:
        return (self.claim.claim_id, self.line_number, self.facts.payer.payer_id, self.rank)
