"""The outcome of each claim line: its amounts, its reason, its first and last word."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from .claim_line import ClaimLine, Hit
from .money import ZERO
from .prices import Price
from .reasons import LIABILITY, Reason, ReasonBook

PATIENT_KINDS = {"1": "deductible", "2": "coinsurance", "3": "copay"}
SEQUESTRATION = ("253", "223")
DUPLICATE = ("18", "B13")
UPHELD = "193"


@dataclass
class Amounts:
    """The dollars of a line over some of its events (RULES 6.3)."""

    paid: Decimal = ZERO
    deductible: Decimal = ZERO
    coinsurance: Decimal = ZERO
    copay: Decimal = ZERO
    patient_other: Decimal = ZERO
    payment_only: Decimal = ZERO
    sequestration: Decimal = ZERO
    paid_to_patient: Decimal = ZERO
    prior_payer: Decimal = ZERO
    interest: Decimal = ZERO
    balance_bill: Decimal = ZERO

    @property
    def patient(self) -> Decimal:
        return self.deductible + self.coinsurance + self.copay + self.patient_other

    @property
    def allowed(self) -> Decimal:
        """Return paid + patient + payment only + paid to patient (RULES 6.3)."""
        return self.paid + self.patient + self.payment_only + self.paid_to_patient

    def add(self, reason: Reason) -> None:
        if reason.is_paid_to_patient:
            self.paid_to_patient += reason.amount
        elif reason.effect == "patient":
            kind = PATIENT_KINDS.get(reason.code, "patient_other")
            setattr(self, kind, getattr(self, kind) + reason.amount)
        elif reason.effect == "payment_only":
            self.payment_only += reason.amount
            if reason.code in SEQUESTRATION:
                self.sequestration += reason.amount
        elif reason.effect == "prior_payer":
            self.prior_payer += reason.amount
        elif reason.is_balance_bill:
            self.balance_bill += reason.amount

    def plus(self, other: Amounts) -> Amounts:
        return Amounts(
            *(getattr(self, each.name) + getattr(other, each.name) for each in fields(self))
        )


@dataclass(frozen=True)
class Outcome:
    """What happened to a line."""

    name: str
    amounts: Amounts
    deciding: Hit | None = None
    reasons: tuple[Reason, ...] = ()
    primary: Reason | None = None

    @property
    def denial_class(self) -> str | None:
        if self.name == "zero_no_reason":
            return "unmapped"
        return self.primary.denial_class if self.primary and self._shows_reason else None

    @property
    def liability(self) -> str | None:
        if self.name == "zero_no_reason":
            return "provider"
        if not (self.primary and self._shows_reason):
            return None
        return LIABILITY.get(self.primary.adjustment.group_code, "other")

    @property
    def final_reason(self) -> str | None:
        return self.primary.final_reason if self.primary and self._shows_reason else None

    @property
    def denial_reason(self) -> str | None:
        return self.primary.meaning if self.primary and self._shows_reason else None

    @property
    def _shows_reason(self) -> bool:
        """Return whether the reason is published (RULES 6.7)."""
        return self.name in ("bundled", "denied", "partly_denied")


class OutcomeBook:
    """Decides outcomes; holds the reasons the payers use."""

    def __init__(self, reasons: ReasonBook) -> None:
        self.reasons = reasons

    def mark_hits(self, lines: list[ClaimLine]) -> None:
        """Mark what says nothing, pended or forwarded, and what allows (RULES 4.8, 8.5)."""
        for line in lines:
            payer_id = line.facts.payer.payer_id
            for hit in line.hits:
                hit.is_silent = any(
                    self.reasons.is_silent(each, payer_id) for each in hit.adjustments
                )
                hit.allows = self.amounts_of(line, hit).allowed != 0

    def final(self, line: ClaimLine, price: Price) -> Outcome:
        """Return the outcome now, over the live events that speak (RULES 6.3 to 6.9)."""
        outcome = self._decided(line, line.spoken, price, alone=False)
        if line.standing in ("dropped", "voided"):
            return Outcome("closed_unpaid", outcome.amounts, outcome.deciding, outcome.reasons)
        return outcome

    def initial(self, line: ClaimLine, price: Price) -> Outcome | None:
        """Return what the first speaking event would give alone (RULES 6.8)."""
        spoke = [hit for hit in line.hits if hit.speaks]
        first = [hit for hit in spoke if not self._is_returned(line, hit)] or spoke
        return self._decided(line, first[:1], price, alone=True) if first else None

    def reasons_of(self, line: ClaimLine, hit: Hit) -> list[Reason]:
        """Return the reasons an event gives on a line, in order."""
        payer_id = line.facts.payer.payer_id
        return [
            self.reasons.reason(each, hit.remarks_beside(each), payer_id)
            for each in hit.adjustments
        ]

    def amounts_of(self, line: ClaimLine, hit: Hit) -> Amounts:
        """Return the dollars of one event on a line."""
        amounts = Amounts(paid=hit.paid, interest=hit.interest)
        for reason in self.reasons_of(line, hit):
            amounts.add(reason)
        return amounts

    def last_allowed_date(self, line: ClaimLine) -> date | None:
        """Return the last live payment date with something allowed (RULES 9.6)."""
        allowing = [hit for hit in line.spoken if self.amounts_of(line, hit).allowed]
        return allowing[-1].event.payment_date if allowing else None

    def is_split_from_claim(self, line: ClaimLine) -> bool:
        """Return whether a claim-level reduction was spread over the line (RULES 9.2)."""
        for hit in line.spoken:
            shared = {id(each) for sent in hit.remit_lines for each in sent.shared_adjustments}
            if hit.match_method == "claim_level":
                shared = {id(each) for each in hit.adjustments}
            for reason in self.reasons_of(line, hit):
                is_shared = id(reason.adjustment) in shared
                if is_shared and reason.amount and reason.effect == "reduces_allowed":
                    return True
        return False

    def _decided(self, line: ClaimLine, spoken: list[Hit], price: Price, *, alone: bool) -> Outcome:
        """Return the outcome over these events; alone, no other event of the line is read."""
        amounts = Amounts()
        for hit in spoken:
            amounts = amounts.plus(self.amounts_of(line, hit))
        if not spoken:
            return Outcome("open", amounts)
        deciding = self._deciding(line, spoken)
        reasons = self.reasons_of(line, deciding)
        # Only an event whose own codes are a duplicate's is one beside another (RULES 6.4).
        live_events = 1 if alone or upholds(reasons) else len(line.live_hits)
        if not alone and upholds(reasons):
            reasons = self._upheld(line, deciding) or reasons
        name = self._name(line, amounts, deciding, reasons, price, live_events)
        return Outcome(name, amounts, deciding, tuple(reasons), primary_reason(reasons))

    def _deciding(self, line: ClaimLine, spoken: list[Hit]) -> Hit:
        """Return the event reasons are read from (RULES 6.4)."""
        pool = [hit for hit in spoken if not only_duplicate(self.reasons_of(line, hit))] or spoken
        allowing = [hit for hit in pool if self.amounts_of(line, hit).allowed]
        return (allowing or pool)[-1]

    def _upheld(self, line: ClaimLine, deciding: Hit) -> list[Reason]:
        """Return the reasons a 193 upholds: the last earlier ones of the line (RULES 6.4)."""
        for hit in reversed(line.hits[: line.hits.index(deciding)]):
            reasons = self.reasons_of(line, hit)
            if hit.speaks and primary_reason(reasons):
                return reasons
        return []

    def _is_returned(self, line: ClaimLine, hit: Hit) -> bool:
        """Return whether MA130 sent the line back with nothing allowed (RULES 6.5)."""
        return "MA130" in hit.remark_codes and not self.amounts_of(line, hit).allowed

    def _name(
        self,
        line: ClaimLine,
        amounts: Amounts,
        deciding: Hit,
        reasons: list[Reason],
        price: Price,
        live_events: int,
    ) -> str:
        """Return the first outcome that applies (metrics 3, RULES 6.5, 6.6)."""
        nothing = amounts.allowed == 0
        primary = primary_reason(reasons)
        counted = [each for each in reasons if each.effect == "reduces_allowed"]
        if nothing and "MA130" in deciding.remark_codes:
            return "returned"
        if price.state in ("suppressed", "not_covered"):
            return price.state
        if nothing and only_duplicate(reasons) and live_events > 1:
            return "duplicate"
        if nothing and primary and primary.denial_class == "bundled":
            return "bundled"
        if nothing and any(each.counts in ("yes", "apart") for each in counted):
            return "denied"
        if nothing and is_zero_without_reason(line, reasons):
            return "zero_no_reason"
        denied = sum((each.amount for each in counted if each.counts == "yes"), ZERO)
        return "partly_denied" if not nothing and denied > 0 else "paid"


def primary_reason(reasons: list[Reason]) -> Reason | None:
    """Return the largest non-contractual reduction, by precedence, by order (RULES 6.6)."""
    denying = [each for each in reasons if each.denies]
    return min(
        denying,
        key=lambda each: (-abs(each.amount), each.precedence, each.adjustment.number),
        default=None,
    )


def upholds(reasons: list[Reason]) -> bool:
    """Return whether a 193 stands there without a reason of its own (RULES 6.4)."""
    return any(each.code == UPHELD for each in reasons) and primary_reason(reasons) is None


def only_duplicate(reasons: list[Reason]) -> bool:
    """Return whether 18 and B13 are the only codes that are not contractual (RULES 6.4)."""
    codes = {each.code for each in reasons if not each.is_contractual}
    return bool(codes) and codes <= set(DUPLICATE)


def is_zero_without_reason(line: ClaimLine, reasons: list[Reason]) -> bool:
    """Return whether a zero has no reason beyond the contract (RULES 6.5)."""
    return (line.charge is None or line.charge > 0) and not any(
        each.effect == "prior_payer" or each.denies for each in reasons
    )
