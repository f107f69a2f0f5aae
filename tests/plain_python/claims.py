"""The claims submissions make up, and the lines each payer was asked to pay on them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from .remits import RemitClaim
from .submissions import BilledLine, Submission

RANKS = ("primary", "secondary", "tertiary")


@dataclass(eq=False)
class Claim:
    """One claim: a CLM01, its first service date and a counter (RULES 3.5)."""

    clm01: str
    first_date: date | None
    counter: int
    claim_id: str = ""
    submissions: list[Submission] = field(default_factory=list)

    @property
    def clm01s(self) -> set[str]:
        """Return every CLM01 its submissions carry."""
        return {submission.clm01 for submission in self.submissions} or {self.clm01}

    def sent_to(self, payer_id: str, rank: str) -> list[Submission]:
        """Return the submissions of one payer and rank, in order."""
        return [
            each
            for each in self.submissions
            if (each.payer.payer_id, each.rank) == (payer_id, rank)
        ]


@dataclass(eq=False)
class Lineage:
    """Which claim and parent each kept submission has."""

    claims: list[Claim]
    parent: dict[int, Submission | None]


def claims_from(submissions: list[Submission], remit_claims: list[RemitClaim]) -> Lineage:
    """Return the claims of the submissions, in the order they start (RULES 3.4 to 3.7)."""
    lineage = Lineage([], {})
    clm01s_named = _clm01s_by_control_number(remit_claims)
    signatures: set[tuple] = set()
    numbered: Counter = Counter()
    claim_at: dict[tuple, Claim] = {}
    claim_of: dict[int, Claim] = {}
    kept: list[Submission] = []
    for sent in sorted(submissions, key=lambda each: each.order):
        key = (sent.clm01, sent.first_date, sent.payer.payer_id, sent.rank)
        parent = None
        if sent.is_replacement_or_void:
            parent = _parent_of(sent, kept, clm01s_named)
        elif (*key, _signature(sent)) in signatures:
            continue
        else:
            signatures.add((*key, _signature(sent)))
        if parent is None:
            numbered[key] += 1
            place = (sent.clm01, sent.first_date, numbered[key])
            if place not in claim_at:
                claim_at[place] = Claim(*place)
                lineage.claims.append(claim_at[place])
            claim = claim_at[place]
        else:
            claim = claim_of[id(parent)]
        claim.submissions.append(sent)
        claim_of[id(sent)] = claim
        lineage.parent[id(sent)] = parent
        kept.append(sent)
    name_claims(lineage.claims)
    return lineage


def name_claims(claims: list[Claim]) -> None:
    """Give each claim its id (RULES 3.7)."""
    by_number = Counter(claim.clm01 for claim in claims)
    by_date = Counter((claim.clm01, claim.first_date) for claim in claims)
    for claim in claims:
        claim.claim_id = claim.clm01
        if by_number[claim.clm01] > 1:
            day = claim.first_date.strftime("%Y%m%d") if claim.first_date else "undated"
            claim.claim_id += f"-{day}"
            if by_date[claim.clm01, claim.first_date] > 1:
                claim.claim_id += f"-{claim.counter}"


@dataclass(frozen=True)
class StandingLine:
    """A billed line as it stands for one payer and rank: live, dropped or voided."""

    billed: BilledLine
    submission: Submission
    standing: str


def standing_lines(claim: Claim, payer_id: str, rank: str, lineage: Lineage) -> list[StandingLine]:
    """Return the live lines, then the dropped ones, in line order (RULES 3.8)."""
    sent = claim.sent_to(payer_id, rank)
    live = sent[-1]
    if live.frequency == "8":
        parent = lineage.parent[id(live)] or live
        return [StandingLine(line, parent, "voided") for line in parent.lines]
    lines = [StandingLine(line, live, "live") for line in live.lines]
    return lines + (_dropped(sent[:-1], live) if live.frequency == "7" else [])


def _dropped(earlier: list[Submission], live: Submission) -> list[StandingLine]:
    """Return lines of earlier submissions without a counterpart in the live one (RULES 3.8)."""
    still_there = Counter(_counterpart_key(line) for line in live.lines)
    last_seen: dict[tuple, StandingLine] = {}
    for submission in earlier:
        seen: Counter = Counter()
        for line in submission.lines:
            key = _counterpart_key(line)
            seen[key] += 1
            if seen[key] > still_there[key]:
                last_seen.pop((key, seen[key]), None)
                last_seen[key, seen[key]] = StandingLine(line, submission, "dropped")
    place = {id(submission): number for number, submission in enumerate(earlier)}
    return sorted(
        last_seen.values(),
        key=lambda each: (place[id(each.submission)], each.submission.lines.index(each.billed)),
    )


def _counterpart_key(line: BilledLine) -> tuple:
    return (line.hcpcs, line.service_date, "JW" in line.modifiers)


def _signature(submission: Submission) -> tuple:
    """Return what an original sent again repeats (RULES 3.4)."""
    return tuple(
        sorted(
            str((line.hcpcs, sorted(line.modifiers), line.units, line.charge, line.service_date))
            for line in submission.lines
        )
    )


def _clm01s_by_control_number(remit_claims: list[RemitClaim]) -> dict[tuple[str, str], set[str]]:
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for event in remit_claims:
        if event.payer_control_number:
            payer_id = event.remit.payer.payer_id
            named[payer_id, event.payer_control_number].add(event.claim_number)
    return named


def _parent_of(
    sent: Submission,
    kept: list[Submission],
    clm01s_named: dict[tuple[str, str], set[str]],
) -> Submission | None:
    """Return the submission a 7 or 8 replaces or voids (RULES 3.6)."""
    payer_id = sent.payer.payer_id
    named = clm01s_named.get((payer_id, sent.original_control_number or ""), set())
    same_payer = [each for each in reversed(kept) if each.payer.payer_id == payer_id]
    for each in same_payer:
        if each.clm01 in named:
            return each
    for each in same_payer:
        if (each.clm01, each.first_date) == (sent.clm01, sent.first_date):
            return each
    return None
