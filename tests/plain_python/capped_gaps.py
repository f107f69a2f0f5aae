"""The gaps of lines that share the cap of their claim: matched, short or over together."""

from __future__ import annotations

from .claim_caps import claims_capped
from .comparable import (
    PAID_WITH_ANOTHER,
    difference,
    is_penny,
    is_split_by_us,
    is_token,
    mark_paid,
    why_not_comparable,
)
from .judged import Judged
from .money import CENT, ZERO, spread


def paid_to_a_claim_cap(judged: list[Judged], whole: dict[int, bool]) -> list[Judged]:
    """Return the lines, drug or not, paid together to the cap of their claim (RULES 9.2)."""
    matched: list[Judged] = []
    for group in _capped(judged):
        lines = [each for each in group if not is_token(each)]
        # Lines split from their claim by us are that rule's, not this one's.
        if not any(id(each) in whole for each in lines) and _match_to_a_cap(lines):
            matched += lines
    mark_paid(matched)
    return matched


def share_gaps_of_caps(judged: list[Judged]) -> None:
    """Let a claim under a cap be short or over as one, where it is no match (RULES 9.2).

    Lines that match already, each alone but for its pennies or with another one, are left as
    they are.
    """
    for group in _capped(judged):
        lines = [each for each in group if _shares_its_gap(each)]
        gaps = [each.gap.gap for each in lines]
        if any(gap > 0 for gap in gaps) and any(gap < 0 for gap in gaps):
            _share(lines)


def _capped(judged: list[Judged]) -> list[list[Judged]]:
    """Return the lines that share a claim cap, by line number."""
    by_line = {id(each.line): each for each in judged}
    outcomes = {line: each.outcome.name for line, each in by_line.items()}
    groups = claims_capped([(each.line, each.price) for each in judged], outcomes)
    return [[by_line[id(line)] for line, _ in group] for group in groups]


def _match_to_a_cap(lines: list[Judged]) -> bool:
    """Return whether lines that share a claim cap were paid to it (RULES 9.2)."""
    return (
        len(lines) > 1
        and all(each.outcome.name in ("paid", *PAID_WITH_ANOTHER) for each in lines)
        and any(each.outcome.name == "paid" for each in lines)
        and not any(why_not_comparable(each) for each in lines)
        and not all(is_penny(each) for each in lines)
        and abs(sum(map(difference, lines))) <= CENT
    )


def _shares_its_gap(each: Judged) -> bool:
    """Return whether a line's gap is its claim's: paid, its own amounts, cut by the cap."""
    return (
        each.price.part is not None
        and each.gap is not None
        and each.gap.gap is not None
        and each.gap.match_basis not in ("pair", "claim")
        and each.outcome.name == "paid"
        and not is_split_by_us(each)
    )


def _share(lines: list[Judged]) -> None:
    """Spread what the claim is short or over on the lines that are (RULES 9.2)."""
    total = sum((each.gap.gap for each in lines), ZERO)
    sign = 1 if total > 0 else -1
    bearing = [each for each in lines if sign * each.gap.gap > 0]
    if abs(total) <= CENT:
        total, bearing = ZERO, []
    weights = [each.gap.gap for each in bearing]
    parts = dict(zip(map(id, bearing), spread(abs(total), weights), strict=True)) if bearing else {}
    for each in lines:
        found, part = each.gap, parts.get(id(each), ZERO)
        found.penny = ZERO
        found.shortfall, found.overpaid = (part, ZERO) if sign > 0 else (ZERO, part)
        found.pair_offset = found.gap - sign * part
        found.match_basis = None if part else "claim"
