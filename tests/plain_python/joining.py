"""Which claim each event joins, and how equal claims are answered in turn (RULES 4.3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING

from .claims import Claim, name_claims
from .money import is_same_charge
from .submissions import Submission

if TYPE_CHECKING:
    from .events import Event

Equal = list[Claim]


def join_to_claims(events: list[Event], claims: list[Claim]) -> None:
    """Give each event the claim of its CLP01 that fits best (RULES 4.3).

    Remit-only claims are appended to `claims` (RULES 4.4).
    """
    by_clm01: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        for clm01 in claim.clm01s:
            by_clm01[clm01].append(claim)
    undated = [each for each in events if not (each.control_numbers or each.service_date)]
    dated = [each for each in events if each not in undated]
    answered = set(map(_twin, dated))
    followers = [each for each in undated if _twin(each)[2] and _twin(each) in answered]
    billed = [each for each in events if each.remit_claim.claim_number in by_clm01]
    own = [each for each in billed if each not in followers]
    equal = {id(each): _best_claims(each, by_clm01[each.remit_claim.claim_number]) for each in own}
    in_turn = _in_turn(own, equal, events)
    remit_only: dict[tuple, Claim] = {}
    joined: dict[tuple, Claim] = {}
    for event in dated + undated:
        twin = _twin(event)
        if event in undated and twin[2] and twin in joined:
            event.claim = joined[twin]
        elif id(event) in equal:
            event.claim = in_turn.get(id(event), equal[id(event)][0])
        else:
            # With no 837 a line control number tells nothing: only a date does.
            first_known = joined.get(twin) if twin[2] and not event.service_date else None
            day = first_known.first_date if first_known else event.service_date
            key = (twin[1], day)
            if key not in remit_only:
                remit_only[key] = Claim(*key, 1)
            event.claim = remit_only[key]
        if event not in undated:
            joined.setdefault(twin, event.claim)
    name_claims(list(remit_only.values()))
    claims.extend(remit_only.values())


def _twin(event: Event) -> tuple[str, str, str | None]:
    """Return what events of one answer share: payer, CLP01 and CLP07."""
    sent = event.remit_claim
    return event.payer_id, sent.claim_number, sent.payer_control_number


def _in_turn(own: list[Event], equal: dict[int, Equal], events: list[Event]) -> dict[int, Claim]:
    """Return the claim of each event whose CLP07 tell equal claims apart (RULES 4.3)."""
    groups: dict[tuple, list[Event]] = defaultdict(list)
    for event in own:
        payer_id, number, _ = _twin(event)
        groups[payer_id, number, *map(id, equal[id(event)])].append(event)
    found: dict[int, Claim] = {}
    for group in groups.values():
        claims = equal[id(group[0])]
        first: dict[str | None, Event] = {}
        for event in group:
            first.setdefault(event.remit_claim.payer_control_number, event)
        twins = set(map(_twin, group))
        are_told_apart = all(first) and len(first) <= len(claims)
        if are_told_apart and not any(each.is_reversal for each in events if _twin(each) in twins):
            taken = dict(zip(first, _each_its_own(list(first.values()), claims), strict=True))
            for event in group:
                found[id(event)] = taken[event.remit_claim.payer_control_number]
    return found


def _each_its_own(answers: list[Event], claims: Equal) -> list[Claim]:
    """Return the claim of each answer: the one its SVC are lines of, else one in turn."""
    fitting = [
        [
            claim
            for claim in claims
            if any(_has_each_line(sent, answer) for sent in claim.submissions)
        ]
        for answer in answers
    ]
    named = [fits[0] for fits in fitting if len(fits) == 1]
    is_sorted = len(named) == len(answers) == len({id(claim) for claim in named})
    return named if is_sorted else claims[: len(answers)]


def _best_claims(event: Event, candidates: list[Claim]) -> Equal:
    """Return the candidates best by what RULES 4.3 names, which differ in the counter alone."""

    def worst_last(claim: Claim) -> tuple:
        charge = abs(event.remit_claim.charge)
        same_charge = [sent for sent in claim.submissions if sent.charge == charge]
        same_payer = [sent for sent in claim.submissions if sent.payer.payer_id == event.payer_id]
        return (
            not _has_an_own_control_number(event, claim, candidates),
            not _holds_the_date(event, claim),
            not same_charge,
            not any(sent in same_charge for sent in same_payer),
            not same_payer,
            claim.first_date or date.max,
        )

    best = min(map(worst_last, candidates))
    left = [claim for claim in candidates if worst_last(claim) == best]
    left.sort(key=lambda claim: (claim.counter, claim.clm01))
    return [claim for claim in left if claim.clm01 == left[0].clm01]


def _control_numbers(claim: Claim) -> set[str]:
    lines = [line for sent in claim.submissions for line in sent.lines]
    return {line.control_number for line in lines if line.control_number}


def _has_an_own_control_number(event: Event, claim: Claim, candidates: list[Claim]) -> bool:
    """Return whether a line control number of the event stands on this candidate only."""
    if not event.control_numbers:
        return False
    elsewhere = [_control_numbers(other) for other in candidates if other is not claim]
    return bool(event.control_numbers & (_control_numbers(claim) - set().union(*elsewhere)))


def _holds_the_date(event: Event, claim: Claim) -> bool:
    lines = [line for sent in claim.submissions for line in sent.lines]
    firsts = [line.service_date for line in lines if line.service_date]
    lasts = [line.through_date or line.service_date for line in lines if line.service_date]
    day = event.service_date
    return bool(day and firsts and min(firsts) <= day <= max(lasts))


def _has_each_line(sent: Submission, event: Event) -> bool:
    """Return whether a submission has a line for each SVC: code, modifiers, charge (RULES 4.3)."""
    billed = list(sent.lines)
    for remit_line in event.remit_claim.lines:
        code = remit_line.original_hcpcs or remit_line.hcpcs
        same = [
            line
            for line in billed
            if code is not None
            and line.hcpcs == code
            and Counter(line.modifiers) == Counter(remit_line.modifiers)
            and is_same_charge(line.charge, remit_line.charge)
        ]
        if not same:
            return False
        billed.remove(same[0])
    return bool(event.remit_claim.lines)
