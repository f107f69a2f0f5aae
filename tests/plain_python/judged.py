"""A claim line with all that was decided about it, and the dollars of its gap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .claim_line import ClaimLine
from .drugs import Identity
from .money import ZERO
from .outcomes import Outcome
from .prices import Price


@dataclass(eq=False)
class Judged:
    """A claim line with its drug, its price, its outcome and its first outcome."""

    line: ClaimLine
    is_drug: bool
    identity: Identity
    price: Price
    outcome: Outcome
    initial: Outcome | None
    paid_units: Decimal | None = None
    last_allowed_date: date | None = None
    is_split_from_claim: bool = False
    gap: Gap | None = None


@dataclass
class Gap:
    """The dollars between expected and allowed on one drug line."""

    basis: str
    gap: Decimal | None = None
    match_basis: str | None = None
    penny: Decimal = ZERO
    pair_offset: Decimal = ZERO
    shortfall: Decimal = ZERO
    overpaid: Decimal = ZERO
    denied_expected: Decimal | None = ZERO
    patient_owed: Decimal = ZERO
    payer_owed: Decimal = ZERO
    unsupported_cut: Decimal = ZERO
    past_window: Decimal = ZERO
    ask: Decimal = ZERO
    recovered: Decimal = ZERO
    recovered_on: date | None = None
    refund_basis: str | None = None
