"""The events of each claim: joined, ranked, reversals paired, replaced ones ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .claims import RANKS, Claim
from .joining import join_to_claims
from .remits import RemitClaim, RemitLine
from .submissions import Submission

RANK_OF_STATUS = {
    "1": "primary",
    "19": "primary",
    "2": "secondary",
    "20": "secondary",
    "3": "tertiary",
    "21": "tertiary",
}
REVERSAL = "22"


@dataclass(eq=False)
class Event:
    """A remit claim seen as a step in a claim's life."""

    remit_claim: RemitClaim
    claim: Claim | None = None
    rank: str = ""
    cancels: Event | None = None
    is_cancelled: bool = False
    is_ended: bool = False
    stands_again: bool = False
    least_line_date: date | None = None  # of the lines of its claim, payer and rank

    @property
    def payer_id(self) -> str:
        return self.remit_claim.remit.payer.payer_id

    @property
    def payment_date(self) -> date | None:
        return self.remit_claim.remit.payment_date

    @property
    def is_reversal(self) -> bool:
        return self.remit_claim.status == REVERSAL

    @property
    def is_orphan_reversal(self) -> bool:
        return self.is_reversal and self.cancels is None

    @property
    def is_live(self) -> bool:
        """Return whether it still stands (RULES 4.8)."""
        return not (self.is_reversal or self.is_cancelled or self.is_ended)

    @property
    def service_date(self) -> date | None:
        """Return DTM*232, else the least line date (RULES 4.2)."""
        days = [line.service_date for line in self.remit_claim.lines if line.service_date]
        return self.remit_claim.service_date or min(days, default=None)

    def day_of(self, line: RemitLine) -> date | None:
        """Return a line's date, else the event's, else the least of the lines (RULES 5.1)."""
        of_claim = self.least_line_date or self.claim.first_date
        return line.service_date or self.service_date or of_claim

    @property
    def through_date(self) -> date | None:
        """Return DTM*233, else the greatest line date, else the service date (RULES 4.2)."""
        days = [line.through_date for line in self.remit_claim.lines if line.through_date]
        return self.remit_claim.through_date or max(days, default=self.service_date)

    @property
    def control_numbers(self) -> set[str]:
        """Return the line control numbers (REF*6R) it carries."""
        return {line.control_number for line in self.remit_claim.lines if line.control_number}


def events_of(remit_claims: list[RemitClaim], claims: list[Claim]) -> list[Event]:
    """Return every remit claim as an event with its claim, rank and standing, in order.

    Remit-only claims are appended to `claims` (RULES 4.4).
    """
    events = [Event(each) for each in sorted(remit_claims, key=lambda each: each.order)]
    join_to_claims(events, claims)
    by_payer: dict[tuple[int, str], list[Event]] = defaultdict(list)
    for event in events:
        by_payer[id(event.claim), event.payer_id].append(event)
    for of_one_payer in by_payer.values():
        _pair_reversals(of_one_payer)
        _end_replaced(of_one_payer)
        for event in of_one_payer:
            event.rank = _rank_of(event, of_one_payer)
        for event in of_one_payer:
            if event.cancels is not None:
                event.rank = event.cancels.rank
    return events


def _pair_reversals(events: list[Event]) -> None:
    """Let each reversal cancel one event, earlier but in the last round (RULES 4.6)."""

    def same_number(reversal: RemitClaim, paid: RemitClaim) -> bool:
        number = reversal.payer_control_number
        return bool(number) and number == paid.payer_control_number

    def opposite(reversal: RemitClaim, paid: RemitClaim) -> bool:
        return reversal.charge == -paid.charge and reversal.paid == -paid.paid

    def both(reversal: RemitClaim, paid: RemitClaim) -> bool:
        return same_number(reversal, paid) and opposite(reversal, paid)

    def same_day_elsewhere(reversal: RemitClaim, paid: RemitClaim) -> bool:
        # Within a day the order is the sender's numbering; within a transaction it is meant.
        is_same_day = reversal.remit.payment_date == paid.remit.payment_date
        return is_same_day and reversal.remit is not paid.remit and both(reversal, paid)

    for fits in (both, same_number, opposite):
        _cancel_first(events, fits, is_earlier=True)
    _cancel_first(events, same_day_elsewhere, is_earlier=False)


def _cancel_first(
    events: list[Event], fits: Callable[[RemitClaim, RemitClaim], bool], *, is_earlier: bool
) -> None:
    """Let each reversal left over, in order, cancel the first event left over that fits."""
    for place, reversal in enumerate(events):
        if not reversal.is_orphan_reversal:
            continue
        for paid in events[:place] if is_earlier else events:
            is_free = not paid.is_reversal and not paid.is_cancelled
            if is_free and fits(reversal.remit_claim, paid.remit_claim):
                paid.is_cancelled = True
                reversal.cancels = paid
                break


def _end_replaced(events: list[Event]) -> None:
    """Mark what a later 7 or 8 of the claim and payer ended (RULES 4.7)."""
    payer_id = events[0].payer_id
    ended_by: dict[int, list[Submission]] = defaultdict(list)
    known = {event.remit_claim.payer_control_number for event in events} - {None}
    for sent in events[0].claim.submissions:
        if not sent.is_replacement_or_void or sent.payer.payer_id != payer_id:
            continue
        named = sent.original_control_number
        for event in events:
            is_later = (sent.submitted_date or date.max) >= (event.payment_date or date.min)
            is_named = event.remit_claim.payer_control_number == named
            if is_later and (is_named if named in known else True):
                event.is_ended = True
                ended_by[id(event)].append(sent)
    for event in events:
        if _stands_again(event, ended_by[id(event)], events):
            event.is_ended, event.stands_again = False, True


def _stands_again(event: Event, ended_by: list[Submission], events: list[Event]) -> bool:
    """Return whether the answers to what replaced a payment all paid nothing (RULES 4.7)."""
    is_replaced = bool(ended_by) and all(sent.frequency == "7" for sent in ended_by)
    if not is_replaced or event.remit_claim.paid == 0:
        return False
    last_sent = max(sent.submitted_date or date.max for sent in ended_by)
    answers = [
        other
        for other in events
        if not other.is_reversal and (other.payment_date or date.min) > last_sent
    ]
    return bool(answers) and all(other.remit_claim.paid == 0 for other in answers)


def _rank_of(event: Event, of_one_payer: list[Event]) -> str:
    """Return the rank of an event (RULES 4.5)."""
    sent = {each.rank for each in event.claim.submissions if each.payer.payer_id == event.payer_id}
    by_status = RANK_OF_STATUS.get(event.remit_claim.status)
    if sent:
        return by_status if by_status in sent else min(sent, key=RANKS.index)
    if by_status:
        return by_status
    for other in of_one_payer:
        if other is not event and other.remit_claim.status in RANK_OF_STATUS:
            return RANK_OF_STATUS[other.remit_claim.status]
    codes = {(each.group_code, each.reason_code) for each in event.remit_claim.all_adjustments}
    return "secondary" if ("OA", "23") in codes else "primary"
