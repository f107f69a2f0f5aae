"""The lines of every claim, payer and rank, and what each event says about each of them."""

from __future__ import annotations

from collections import defaultdict

from .claim_line import ClaimFacts, ClaimLine, Hit
from .claims import RANKS, Claim, Lineage, StandingLine, standing_lines
from .events import Event
from .matching import match
from .money import ZERO, spread
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
            extra: list[ClaimLine] = []
            for event in of_group:
                _hear(event, lines, extra)
            lines += extra
            for number, line in enumerate(lines, start=1):
                line.line_number = number
            found += lines
    return found


def _group_lines(
    claim: Claim, payer_id: str, rank: str, events: list[Event], lineage: Lineage
) -> list[ClaimLine]:
    if claim.sent_to(payer_id, rank):
        standing = standing_lines(claim, payer_id, rank, lineage)
        return _numbered(
            [_billed(claim, rank, each, _facts_of(each.submission)) for each in standing]
        )
    if claim.submissions:
        return _numbered(_borrowed_lines(claim, rank, events, lineage))
    last = events[-1].remit_claim
    return _numbered([_remitted(claim, rank, events[-1], line) for line in last.lines])


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
    for number, line in enumerate(lines, start=1):
        line.line_number = number
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
        charge=abs(line.charge),
        units=line.paid_units if line.original_units is None else line.original_units,
        service_date=line.service_date or event.service_date,
        through_date=line.through_date or line.service_date or event.through_date,
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


def _hear(event: Event, lines: list[ClaimLine], extra: list[ClaimLine]) -> None:
    """Record on the lines what an event says about them (RULES 5.1 to 5.4)."""
    if not event.remit_claim.lines:
        _hear_claim_level(event, [line for line in lines if line.standing != "dropped"])
        return
    matched = match(event, lines)
    left = [line for line in event.remit_claim.lines if id(line) not in matched]
    matched.update(_matched_to_extra(event, left, lines, extra))
    hits: dict[int, Hit] = {}
    for remit_line in event.remit_claim.lines:
        line, method = matched[id(remit_line)]
        if id(line) not in hits:
            hits[id(line)] = Hit(event, method)
            line.hits.append(hits[id(line)])
        hit = hits[id(line)]
        hit.match_method = method
        hit.remit_lines.append(remit_line)
        hit.adjustments = sorted(hit.adjustments + remit_line.adjustments, key=_in_order)
        hit.paid += remit_line.paid - sum(
            (each.amount for each in remit_line.shared_adjustments), ZERO
        )
        hit.interest += remit_line.interest


def _in_order(adjustment: Adjustment) -> int:
    return adjustment.number


def _hear_claim_level(event: Event, lines: list[ClaimLine]) -> None:
    """Spread an event without service lines by billed charge (RULES 5.4)."""
    if not lines:
        return
    remit_claim = event.remit_claim
    weights = [line.charge for line in lines]
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
    """Return a line of its own for each remit line left over (RULES 5.2)."""
    matched: dict[int, tuple[ClaimLine, str]] = {}
    taken: set[int] = set()
    facts = lines[0].facts if lines else None
    for remit_line in left:
        fresh = _remitted(
            lines[0].claim if lines else event.claim, event.rank, event, remit_line, facts
        )
        for known in extra:
            if id(known) not in taken and _extra_key(known) == _extra_key(fresh):
                fresh = known
                break
        else:
            extra.append(fresh)
        taken.add(id(fresh))
        matched[id(remit_line)] = (fresh, "unmatched")
    return matched


def _extra_key(line: ClaimLine) -> tuple:
    return (line.hcpcs, frozenset(line.modifiers), line.service_date, line.charge)
