"""What each drug line was short, over or denied against its expected amount."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from .capped_gaps import paid_to_a_claim_cap, share_gaps_of_caps
from .comparable import (
    PAID_WITH_ANOTHER,
    difference,
    is_penny,
    is_priced_primary,
    is_split_by_us,
    mark_paid,
    why_not_comparable,
)
from .estimated_dates import is_explained_by_an_estimate
from .judged import Gap, Judged
from .money import CENT, ZERO, rounded
from .owed import name_who_owes
from .rating import RateBook
from .reference import Reference


def judge_gaps(judged: list[Judged], reference: Reference, rates: RateBook) -> None:
    """Give each drug line its gap (RULES 9)."""
    whole = _paid_as_a_claim(judged)
    capped = paid_to_a_claim_cap(judged, whole)
    drug_lines = [each for each in judged if each.is_drug]
    looked_at = whole.keys() | set(map(id, capped))
    paired = _paid_as_one([each for each in drug_lines if id(each) not in looked_at])
    together = dict.fromkeys(map(id, paired), "pair")
    together |= dict.fromkeys((line for line, matches in whole.items() if matches), "claim")
    together |= dict.fromkeys(map(id, capped), "claim")
    for each in drug_lines:
        each.gap = _opened(each, is_undivided=whole.get(id(each)) is False)
        is_open = each.gap.gap is not None and id(each) not in together
        if is_open and is_explained_by_an_estimate(each, rates):
            each.gap = Gap("not compared: the date of a restatement is estimated")
    gap_lines = [each for each in drug_lines if each.gap.gap is not None]
    for each in gap_lines:
        _split(each, together.get(id(each)))
    share_gaps_of_caps(judged)
    for each in gap_lines:
        name_who_owes(each, reference)


def _opened(each: Judged, *, is_undivided: bool) -> Gap:
    """Return the gap of a line, or why there is none (RULES 9.1, 9.2)."""
    expected, name = each.price.expected, each.outcome.name
    if is_priced_primary(each) and name in ("paid", "partly_denied"):
        why_not = why_not_comparable(each)
        if why_not is None and is_undivided:
            why_not = "paid as a whole claim"
        if why_not:
            return Gap(f"not compared: {why_not}")
        return Gap("compared", gap=difference(each))
    if name in ("denied", "zero_no_reason"):
        return Gap("not compared:", denied_expected=expected)
    return Gap("not compared:")


def _paid_as_a_claim(judged: list[Judged]) -> dict[int, bool]:
    """Return, per line split from its claim by us, whether its claim matches whole (RULES 9.2).

    Lines that are alone so, or are all pennies, are left out: they compare line by line.
    """
    claims: dict[tuple, list[Judged]] = defaultdict(list)
    for each in judged:
        line = each.line
        if line.rank == "primary" and is_split_by_us(each):
            claims[line.claim.claim_id, line.facts.payer.payer_id].append(each)
    return {
        id(each): _match_as_a_claim(lines)
        for lines in claims.values()
        if len(lines) > 1 and not all(is_penny(each) for each in lines)
        for each in lines
    }


def _match_as_a_claim(lines: list[Judged]) -> bool:
    """Return whether lines, drug or not, are all priced, paid and even together (RULES 9.2)."""
    are_paid = all(
        is_priced_primary(each) and not why_not_comparable(each) and each.outcome.name == "paid"
        for each in lines
    )
    return are_paid and abs(sum(map(difference, lines))) <= CENT * len(lines)


def _paid_as_one(drug_lines: list[Judged]) -> list[Judged]:
    """Return the lines that match together with others of their drug, now paid (RULES 9.2)."""
    together: dict[tuple, list[Judged]] = defaultdict(list)
    for each in drug_lines:
        line, drug = each.line, each.identity.drug
        is_candidate = each.outcome.name in ("paid", *PAID_WITH_ANOTHER)
        if is_candidate and drug and is_priced_primary(each) and not why_not_comparable(each):
            payer_id = line.facts.payer.payer_id
            together[line.claim.claim_id, payer_id, line.service_date, drug].append(each)
    paired = [each for lines in together.values() if _match_as_one(lines) for each in lines]
    mark_paid(paired)
    return paired


def _match_as_one(lines: list[Judged]) -> bool:
    """Return whether the lines make up for one another to a cent a line (RULES 9.2)."""
    return (
        len(lines) > 1
        and any(each.outcome.name == "paid" for each in lines)
        and not all(is_penny(each) for each in lines)
        and abs(sum(map(difference, lines))) <= CENT * len(lines)
    )


def _split(each: Judged, matched_with: str | None) -> None:
    """Put the gap where it belongs: pair, claim, penny, denied, short or over (RULES 9.2)."""
    found = each.gap
    if matched_with:
        found.pair_offset, found.match_basis = found.gap, matched_with
    elif abs(found.gap) <= CENT:
        found.penny, found.match_basis = found.gap, "line"
    elif found.gap < 0:
        found.overpaid = -found.gap
    else:
        if each.outcome.name == "partly_denied":
            found.denied_expected = _denied_part(each)
        found.shortfall = found.gap - found.denied_expected


def _denied_part(each: Judged) -> Decimal:
    """Return the part of a partly denied line's gap its denial explains (RULES 9.3)."""
    line, price = each.line, each.price
    denying = [reason for reason in each.outcome.reasons if reason.counts == "yes"]
    amount = sum((reason.amount for reason in denying), ZERO)
    if price.rate and price.rate.price is None:
        return min(each.gap.gap, rounded(Fraction(amount) * price.rate.fraction, 2))
    quantities = [reason.adjustment.quantity for reason in denying]
    if all(quantity is not None for quantity in quantities):
        quantity = sum(quantities)
    elif line.charge and line.units is not None:
        quantity = rounded(Fraction(line.units) * Fraction(amount) / Fraction(line.charge), 3)
    else:
        quantity = Decimal(0)
    at_price = price.at(quantity)
    return min(each.gap.gap, at_price) if at_price is not None else ZERO
