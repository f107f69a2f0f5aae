"""The lines of every claim, payer and rank, and what each event says about each of them."""

from __future__ import annotations

from collections import defaultdict

from .claim_line import ClaimFacts, ClaimLine, Hit
from .claims import RANKS, Claim, Lineage, StandingLine, standing_lines
from .events import Event
from .matching import match
from .money import ZERO, is_same_charge, spread
from .reference import Payer
from .remits import Adjustment, RemitClaim, RemitLine, part_of
from .submissions import Submission


def claim_lines(claims: list[Claim], events: list[Event], lineage: Lineage) -> list[ClaimLine]:
    """Return every billed line, payer and rank, with what its events say."""
    by_group: dict[tuple, list[Event]] = defaultdict(list)
    for event in events:
        if not event.is_reversal:
            by_group[id(event.claim), event.payer_id, event.rank].append(event)
    answered: dict[int, list[tuple]] = defaultdict(list)
    for whose, payer_id, rank in by_group:
        answered[whose].append((payer_id, rank))
    found = []
    for claim in claims:
        sent = [(each.payer.payer_id, each.rank) for each in claim.submissions]
        for payer_id, rank in dict.fromkeys(sent + answered[id(claim)]):
            of_group = by_group.get((id(claim), payer_id, rank), [])
            lines = _group_lines(claim, payer_id, rank, of_group, lineage)
            lines += _hear_all(of_group, lines)
            found += _numbered(lines)
    return found


def _group_lines(
    claim: Claim, payer_id: str, rank: str, events: list[Event], lineage: Lineage
) -> list[ClaimLine]:
    sent = claim.sent_to(payer_id, rank)
    lines: list[ClaimLine] = []
    if sent:
        standing = standing_lines(claim, payer_id, rank, lineage)
        lines = [_billed(claim, rank, each, _facts_of(each.submission)) for each in standing]
    elif claim.submissions:
        lines = _borrowed_lines(claim, rank, events, lineage)
    if not lines and events:
        lines = _answered_lines(claim, rank, events[-1], sent[-1] if sent else None)
    return _numbered(lines)


def _answered_lines(
    claim: Claim, rank: str, last: Event, sent: Submission | None
) -> list[ClaimLine]:
    """Return the lines of an answer, where no line of the claim is known (RULES 4.4, 4.10)."""
    facts = _facts_of(sent) if sent else None
    lines = []
    for remit_line in last.remit_claim.lines or [_whole_claim(last.remit_claim)]:
        line = _remitted(claim, rank, last, remit_line, facts)
        line.place = remit_line.number
        if sent is not None:
            line.place_of_service = line.place_of_service or sent.place_of_service
            if not (remit_line.service_date or last.service_date):
                line.service_date = sent.first_date
            if not (remit_line.through_date or remit_line.service_date or last.through_date):
                line.through_date = sent.last_date or line.service_date
        lines.append(line)
    return lines


def _whole_claim(remit_claim: RemitClaim) -> RemitLine:
    """Return an event without SVC as one line without a code (RULES 4.4)."""
    return RemitLine(
        number=1,
        offset=remit_claim.offset,
        hcpcs=None,
        modifiers=(),
        charge=remit_claim.charge,
        paid=remit_claim.paid,
        revenue_code=None,
        paid_units=None,
        original_hcpcs=None,
        original_units=None,
    )


def _borrowed_lines(
    claim: Claim, rank: str, events: list[Event], lineage: Lineage
) -> list[ClaimLine]:
    """Return the lines of the lowest rank sent, for a payer nothing was sent to (RULES 4.9)."""
    source = min(claim.submissions, key=lambda each: RANKS.index(each.rank))
    payer = events[0].remit_claim.remit.payer
    lines = []
    for each in standing_lines(claim, source.payer.payer_id, source.rank, lineage):
        if each.standing == "dropped":
            continue
        line = _billed(claim, rank, each, _facts_of(each.submission, payer=payer))
        line.standing = "live"
        lines.append(line)
    return lines


def _numbered(lines: list[ClaimLine]) -> list[ClaimLine]:
    """Number lines by their place in the claim, those without one after the rest."""
    last = 0
    for line in lines:
        line.line_number = line.place or last + 1
        last = max(last, line.line_number)
    return lines


def _billed(claim: Claim, rank: str, each: StandingLine, facts: ClaimFacts) -> ClaimLine:
    billed = each.billed
    return ClaimLine(
        claim=claim,
        rank=rank,
        facts=facts,
        standing=each.standing,
        billed_basis="claim",
        hcpcs=billed.hcpcs,
        modifiers=billed.modifiers,
        charge=billed.charge,
        units=billed.units,
        service_date=billed.service_date,
        through_date=billed.through_date,
        offset=billed.offset,
        revenue_code=billed.revenue_code,
        place_of_service=billed.place_of_service or facts.place_of_service,
        ndc=billed.ndc,
        ndc_quantity=billed.ndc_quantity,
        ndc_unit=billed.ndc_unit,
        control_number=billed.control_number,
        authorization_number=billed.authorization_number,
        place=None if each.standing == "dropped" else billed.place,
    )


def _remitted(
    claim: Claim, rank: str, event: Event, line: RemitLine, facts: ClaimFacts | None = None
) -> ClaimLine:
    """Return a line known from a remit alone (RULES 4.4, 5.2)."""
    from_remit = _facts_of_remit(event.remit_claim)
    return ClaimLine(
        claim=claim,
        rank=rank,
        facts=_with_source(facts, from_remit.source_file) if facts else from_remit,
        standing="remit_only",
        billed_basis="remit_only",
        hcpcs=line.hcpcs,
        modifiers=line.modifiers,
        charge=line.charge,
        units=line.paid_units if line.original_units is None else line.original_units,
        service_date=event.day_of(line),
        through_date=line.through_date
        or line.service_date
        or event.through_date
        or event.day_of(line),
        offset=line.offset,
        revenue_code=line.revenue_code,
        place_of_service=event.remit_claim.place_of_service,
        control_number=line.control_number,
    )


def _with_source(facts: ClaimFacts, source_file: str) -> ClaimFacts:
    return ClaimFacts(**{**facts.__dict__, "source_file": source_file})


def _facts_of(sent: Submission, payer: Payer | None = None) -> ClaimFacts:
    # SBR03 and SBR09 describe the payer the claim was sent to, not another one.
    is_own = payer is None
    return ClaimFacts(
        payer=payer or sent.payer,
        claim_type=sent.claim_type,
        npi=sent.npi,
        tax_id=sent.tax_id,
        submitted_date=sent.submitted_date,
        filing_code=sent.filing_code if is_own else None,
        group_number=sent.group_number if is_own else None,
        patient_key=sent.patient_key,
        place_of_service=sent.place_of_service,
        source_file=sent.transaction.source_file,
        authorization_number=sent.authorization_number,
        diagnoses=sent.diagnoses,
    )


def _facts_of_remit(remit_claim: RemitClaim) -> ClaimFacts:
    remit = remit_claim.remit
    return ClaimFacts(
        payer=remit.payer,
        claim_type=None,
        npi=remit.payee_npi,
        tax_id=remit.payee_tax_id,
        submitted_date=None,
        filing_code=None,
        group_number=None,
        patient_key=remit_claim.patient_key,
        place_of_service=remit_claim.place_of_service,
        source_file=remit.transaction.source_file,
    )


def _hear_all(events: list[Event], lines: list[ClaimLine]) -> list[ClaimLine]:
    """Record what the events say on the lines; return the lines they add (RULES 5)."""
    extra: list[ClaimLine] = []
    days = [line.service_date for line in lines if line.service_date]
    for event in events:
        event.least_line_date = min(days, default=None)
    matched = {id(event): match(event, lines) for event in events}
    # Only live events make lines; what others left over may join one (RULES 5.2).
    for event in sorted(events, key=lambda each: not each.is_live):
        found = matched[id(event)]
        left = [line for line in event.remit_claim.lines if id(line) not in found]
        found.update(_matched_to_extra(event, left, lines, extra))
    for event in events:
        if event.remit_claim.lines:
            _hear(event, matched[id(event)])
        else:
            _hear_claim_level(event, [line for line in lines if line.standing != "dropped"])
    return extra


def _hear(event: Event, matched: dict[int, tuple[ClaimLine, str]]) -> None:
    """Record on the lines what an event says about them (RULES 5.1 to 5.4)."""
    hits: dict[int, Hit] = {}
    for remit_line in event.remit_claim.lines:
        if id(remit_line) not in matched:
            continue
        line, method = matched[id(remit_line)]
        if id(line) not in hits:
            hits[id(line)] = Hit(event, method)
            line.hits.append(hits[id(line)])
        hit = hits[id(line)]
        hit.match_method = method
        hit.remit_lines.append(remit_line)
        hit.adjustments = sorted(hit.adjustments + remit_line.adjustments, key=_in_order)
        hit.paid += remit_line.line_paid
        hit.interest += remit_line.interest


def _in_order(adjustment: Adjustment) -> int:
    return adjustment.number


def _hear_claim_level(event: Event, lines: list[ClaimLine]) -> None:
    """Spread an event without service lines by billed charge (RULES 5.4)."""
    if not lines:
        return
    remit_claim = event.remit_claim
    charges = [line.charge for line in lines]
    # Where a charge is not told no line is known to be the larger one.
    weights = [ZERO for _ in lines] if None in charges else charges
    hits = [Hit(event, "claim_level") for _ in lines]
    for hit, part in zip(hits, spread(remit_claim.paid, weights), strict=True):
        hit.paid = part
    for hit, part in zip(hits, spread(remit_claim.interest, weights), strict=True):
        hit.interest = part
    for adjustment in remit_claim.adjustments:
        for hit, part in zip(hits, spread(adjustment.amount, weights), strict=True):
            if part or not adjustment.amount:
                hit.adjustments.append(part_of(adjustment, part))
    for line, hit in zip(lines, hits, strict=True):
        line.hits.append(hit)


def _matched_to_extra(
    event: Event, left: list[RemitLine], lines: list[ClaimLine], extra: list[ClaimLine]
) -> dict[int, tuple[ClaimLine, str]]:
    """Return the line of its own each remit line left over has (RULES 5.2)."""
    matched: dict[int, tuple[ClaimLine, str]] = {}
    taken: set[int] = set()
    facts = lines[0].facts if lines else None
    for remit_line in left:
        fresh = _remitted(
            lines[0].claim if lines else event.claim, event.rank, event, remit_line, facts
        )
        same = [each for each in extra if id(each) not in taken and _is_same_line(each, fresh)]
        if not same and not event.is_live:
            continue
        if not same:
            extra.append(fresh)
        own = (same or [fresh])[0]
        taken.add(id(own))
        matched[id(remit_line)] = (own, "unmatched")
    return matched


def _is_same_line(one: ClaimLine, other: ClaimLine) -> bool:
    """Return whether two lines left over are one; absent codes are not the same (RULES 5.2)."""
    return (
        one.hcpcs is not None
        and one.hcpcs == other.hcpcs
        and sorted(one.modifiers) == sorted(other.modifiers)
        and one.service_date == other.service_date
        and is_same_charge(one.charge, other.charge)
    )
