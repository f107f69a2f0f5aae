"""What each drug line was short, over or denied against its expected amount."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from .claim_caps import claims_capped
from .judged import Gap, Judged
from .money import CENT, ZERO, rounded
from .owed import name_who_owes
from .reference import Reference

PAID_WITH_ANOTHER = ("zero_no_reason", "bundled")
# A drug that cost nothing is billed at no more than this (RULES 9.1).
MOST_OF_A_TOKEN = Decimal("1.00")


def judge_gaps(judged: list[Judged], reference: Reference) -> None:
    """Give each drug line its gap (RULES 9)."""
    whole = _paid_as_a_claim(judged)
    capped = _paid_to_a_claim_cap(judged, whole)
    drug_lines = [each for each in judged if each.is_drug]
    looked_at = whole.keys() | set(map(id, capped))
    paired = _paid_as_one([each for each in drug_lines if id(each) not in looked_at])
    together = dict.fromkeys(map(id, paired), "pair")
    together |= dict.fromkeys((line for line, matches in whole.items() if matches), "claim")
    together |= dict.fromkeys(map(id, capped), "claim")
    for each in drug_lines:
        each.gap = _opened(each, is_undivided=whole.get(id(each)) is False)
    gap_lines = [each for each in drug_lines if each.gap.gap is not None]
    for each in gap_lines:
        _split(each, together.get(id(each)))
        name_who_owes(each, reference)


def _opened(each: Judged, *, is_undivided: bool) -> Gap:
    """Return the gap of a line, or why there is none (RULES 9.1, 9.2)."""
    expected, name = each.price.expected, each.outcome.name
    if _is_priced_primary(each) and name in ("paid", "partly_denied"):
        why_not = _not_comparable(each)
        if why_not is None and is_undivided:
            why_not = "paid as a whole claim"
        if why_not:
            return Gap(f"not compared: {why_not}")
        return Gap("compared", gap=_difference(each))
    if name in ("denied", "zero_no_reason"):
        return Gap("not compared:", denied_expected=expected)
    return Gap("not compared:")


def _difference(each: Judged) -> Decimal:
    """Return expected less allowed of a priced line."""
    return each.price.expected - each.outcome.amounts.allowed


def _is_priced_primary(each: Judged) -> bool:
    return each.line.rank == "primary" and each.price.expected is not None


def _not_comparable(each: Judged) -> str | None:
    """Return why a line or its answers are no measure of its price (RULES 9.1, 4.7, 5.5)."""
    if each.outcome.amounts.prior_payer:
        return "another payer paid first (OA-23)"
    if _is_token(each):
        return "token charge"
    if any(hit.event.stands_again for hit in each.line.live_hits):
        return "payment of the claim before its replacement"
    if any(hit.contradicts_itself for hit in each.line.spoken):
        return "remit line does not balance"
    return None


def _is_token(each: Judged) -> bool:
    """Return whether a line only names a drug that cost nothing (RULES 9.1)."""
    return each.line.charge is not None and each.line.charge <= MOST_OF_A_TOKEN


def _paid_as_a_claim(judged: list[Judged]) -> dict[int, bool]:
    """Return, per line split from its claim by us, whether its claim matches whole (RULES 9.2).

    Lines that are alone so, or are all pennies, are left out: they compare line by line.
    """
    claims: dict[tuple, list[Judged]] = defaultdict(list)
    for each in judged:
        line = each.line
        is_split = line.match_method == "claim_level" or each.is_split_from_claim
        if line.rank == "primary" and is_split:
            claims[line.claim.claim_id, line.facts.payer.payer_id].append(each)
    return {
        id(each): _match_as_a_claim(lines)
        for lines in claims.values()
        if len(lines) > 1 and not all(_is_penny(each) for each in lines)
        for each in lines
    }


def _match_as_a_claim(lines: list[Judged]) -> bool:
    """Return whether lines, drug or not, are all priced, paid and even together (RULES 9.2)."""
    are_paid = all(
        _is_priced_primary(each) and not _not_comparable(each) and each.outcome.name == "paid"
        for each in lines
    )
    return are_paid and abs(sum(map(_difference, lines))) <= CENT * len(lines)


def _is_penny(each: Judged) -> bool:
    return each.price.expected is not None and abs(_difference(each)) <= CENT


def _paid_as_one(drug_lines: list[Judged]) -> list[Judged]:
    """Return the lines that match together with others of their drug, now paid (RULES 9.2)."""
    together: dict[tuple, list[Judged]] = defaultdict(list)
    for each in drug_lines:
        line, drug = each.line, each.identity.drug
        is_candidate = each.outcome.name in ("paid", *PAID_WITH_ANOTHER)
        if is_candidate and drug and _is_priced_primary(each) and not _not_comparable(each):
            payer_id = line.facts.payer.payer_id
            together[line.claim.claim_id, payer_id, line.service_date, drug].append(each)
    paired = [each for lines in together.values() if _match_as_one(lines) for each in lines]
    _mark_paid(paired)
    return paired


def _paid_to_a_claim_cap(judged: list[Judged], whole: dict[int, bool]) -> list[Judged]:
    """Return the lines, drug or not, paid together to the cap of their claim (RULES 9.2)."""
    by_line = {id(each.line): each for each in judged}
    matched: list[Judged] = []
    for group in claims_capped([(each.line, each.price) for each in judged]):
        lines = [by_line[id(line)] for line, _ in group if not _is_token(by_line[id(line)])]
        # Lines split from their claim by us are that rule's, not this one's.
        if not any(id(each) in whole for each in lines) and _match_to_a_cap(lines):
            matched += lines
    _mark_paid(matched)
    return matched


def _match_to_a_cap(lines: list[Judged]) -> bool:
    """Return whether lines that share a claim cap were paid to it (RULES 9.2)."""
    return (
        len(lines) > 1
        and all(each.outcome.name in ("paid", *PAID_WITH_ANOTHER) for each in lines)
        and any(each.outcome.name == "paid" for each in lines)
        and not any(_not_comparable(each) for each in lines)
        and not all(_is_penny(each) for each in lines)
        and abs(sum(map(_difference, lines))) <= CENT
    )


def _mark_paid(lines: list[Judged]) -> None:
    """Give lines paid together the outcome `paid`, at first as now (RULES 9.2)."""
    for each in lines:
        each.outcome = replace(each.outcome, name="paid")
        if each.initial and each.initial.name in PAID_WITH_ANOTHER:
            each.initial = replace(each.initial, name="paid")


def _match_as_one(lines: list[Judged]) -> bool:
    """Return whether the lines make up for one another to a cent a line (RULES 9.2)."""
    return (
        len(lines) > 1
        and any(each.outcome.name == "paid" for each in lines)
        and not all(_is_penny(each) for each in lines)
        and abs(sum(map(_difference, lines))) <= CENT * len(lines)
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
