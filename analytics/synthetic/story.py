"""One visit's story: what is sent, what comes back and when, and what is true in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from analytics.synthetic.adjudication import Ruling, Truth, open_truth, rule_line
from analytics.synthetic.contracts import AS_OF
from analytics.synthetic.payers import Plan, name_as_sent
from analytics.synthetic.visits import Visit
from analytics.synthetic.x12_records import (
    Claim,
    Payer,
    ProviderAdjustment,
    RemitClaim,
    reversal_of,
)

FRIDAY = 4


@dataclass(frozen=True)
class Event:
    """A remit claim on its way to a transaction: which payer sends it on which day."""

    day: date
    payer_id: str
    sent_as: Payer
    claim: RemitClaim
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    is_alone: bool = False


@dataclass(frozen=True)
class LineKey:
    """Where a truth stands: claim id as published, line number, payer."""

    claim_id: str
    line_number: int
    payer_id: str


@dataclass(frozen=True)
class Marker:
    """A row of the answer key that no line's dollars give by themselves."""

    claim_number: str
    claim_id: str
    line_number: int
    payer_id: str
    finding: str
    amount_usd: Decimal | None
    note: str


class Story:
    """Collects one visit's submissions, remit claims and truths, in the order they happen."""

    def __init__(self, visit: Visit, rng: Random, scenario: str = "") -> None:
        """Start the story of a visit; `rng` decides only its waiting times."""
        self.scenario = scenario
        self.visit = visit
        self.rng = rng
        self.claims: list[Claim] = []
        self.events: list[Event] = []
        self.provider_adjustments: list[tuple[date, str, ProviderAdjustment]] = []
        self.truths: dict[LineKey, Truth] = {}
        self.markers: list[Marker] = []
        self._control_numbers = 0

    def pay_day(self, after: date, wait: int = 14) -> date:
        """The Friday the payer pays, two to four weeks after a day."""
        day = after + timedelta(days=wait + self.rng.randrange(14))
        return day + timedelta(days=(FRIDAY - day.weekday()) % 7)

    def control_number(self, plan: Plan) -> str:
        """A payer control number (CLP07) never used before."""
        self._control_numbers += 1
        return f"SYN{plan.payer_id[:2].upper()}{self.visit.number:06d}{self._control_numbers}"

    def submit(self, claim: Claim, *, plan: Plan | None = None, claim_id: str = "") -> None:
        """Send a claim; its lines are open until something comes back."""
        if claim.submitted_date > AS_OF:
            return
        self.claims.append(claim)
        payer = plan or self.visit.plan
        if claim.payer_rank != "P":
            return
        for number, line in enumerate(claim.lines, start=1):
            key = LineKey(claim_id or claim.claim_number, number, payer.payer_id)
            known = self.truths.get(key)
            truth = open_truth(payer, line)
            if known is not None:
                truth = replace(known, line=line)
            self.truths[key] = truth

    def rule(
        self,
        claim: Claim,
        day: date,
        rulings: Mapping[int, Ruling] | None = None,
        *,
        plan: Plan | None = None,
        claim_id: str = "",
        everywhere: Ruling | None = None,
        status: str = "1",
        is_recorded: bool = True,
    ) -> RemitClaim:
        """The remit claim of a ruling, its truths noted if it is known at as-of; not yet sent.

        `rulings` are by line number, `everywhere` is that of the lines not named.
        """
        payer = plan or self.visit.plan
        remit_lines = []
        for number, line in enumerate(claim.lines, start=1):
            ruling = (rulings or {}).get(number, everywhere or Ruling())
            remit, truth = rule_line(self.visit, payer, line, ruling, day)
            remit_lines.append(remit)
            if is_recorded and day <= AS_OF:
                self._record(LineKey(claim_id or claim.claim_number, number, payer.payer_id), truth)
        return RemitClaim(
            claim.claim_number,
            tuple(remit_lines),
            status=status,
            filing_code=payer.remit_filing_code,
            payer_control_number=self.control_number(payer),
            place_of_service=claim.place_of_service,
            frequency=claim.frequency,
            patient=claim.patient,
            service_date=min(line.service_date for line in claim.lines),
        )

    def send(
        self,
        day: date,
        remit_claim: RemitClaim,
        *,
        plan: Plan | None = None,
        provider_adjustments: tuple[ProviderAdjustment, ...] = (),
        is_alone: bool = False,
    ) -> None:
        """Put a remit claim on a payer's remit of that day, unless the day is after as-of."""
        if day > AS_OF:
            return
        payer_id = (plan or self.visit.plan).payer_id
        sent_as = name_as_sent(payer_id, day.toordinal() // 7)
        self.events.append(
            Event(day, payer_id, sent_as, remit_claim, provider_adjustments, is_alone)
        )

    def settle(
        self, claim: Claim, day: date, rulings: Mapping[int, Ruling] | None = None
    ) -> RemitClaim:
        """Rule on a claim and send the remit claim the same day: the usual end of a visit."""
        remit = self.rule(claim, day, rulings)
        self.send(day, remit)
        return remit

    def sent(self, claim: Claim, wait: int = 14) -> tuple[Claim, date]:
        """Send a claim; the claim, and the day its answer is due."""
        self.submit(claim)
        return claim, self.pay_day(claim.submitted_date, wait)

    def answered(
        self, claim: Claim, rulings: Mapping[int, Ruling] | None = None
    ) -> tuple[RemitClaim, date]:
        """Send a claim and settle it when its answer is due: the whole of a usual visit."""
        claim, day = self.sent(claim)
        return self.settle(claim, day, rulings), day

    def correct(self, claim: Claim, first: RemitClaim, day: date, back_day: date) -> RemitClaim:
        """Take a remit claim back on `back_day` and pay the claim at contract on `day`."""
        self.send(back_day, reversal_of(first))
        corrected = self.rule(claim, day)
        self.send(day, corrected)
        return corrected

    def mark(
        self,
        claim: Claim,
        finding: str,
        note: str,
        *,
        amount_usd: Decimal | None = Decimal("0.00"),
        line_number: int = 1,
        payer_id: str = "",
        claim_id: str = "",
    ) -> None:
        """Add a row to the answer key; an amount of 0.00 says that nothing may be reported."""
        if claim.submitted_date <= AS_OF:
            number = claim.claim_number
            payer = payer_id or self.visit.plan.payer_id
            self.markers.append(
                Marker(number, claim_id or number, line_number, payer, finding, amount_usd, note)
            )

    def _record(self, key: LineKey, truth: Truth) -> None:
        known = self.truths.get(key)
        initial = known.initial_allowed_usd if known is not None else None
        # Returned claims were never adjudicated; the first adjudication is the initial one.
        if initial is None and truth.outcome != "returned":
            initial = truth.allowed_usd
        self.truths[key] = replace(truth, initial_allowed_usd=initial)
