"""What of a line can be compared with its price, and what lines paid together become."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from .judged import Judged
from .money import CENT

PAID_WITH_ANOTHER = ("zero_no_reason", "bundled")
# A drug that cost nothing is billed at no more than this (RULES 9.1).
MOST_OF_A_TOKEN = Decimal("1.00")


def difference(each: Judged) -> Decimal:
    """Return expected less allowed of a priced line."""
    return each.price.expected - each.outcome.amounts.allowed


def is_penny(each: Judged) -> bool:
    """Return whether a line is priced and allowed to a cent."""
    return each.price.expected is not None and abs(difference(each)) <= CENT


def is_priced_primary(each: Judged) -> bool:
    """Return whether a line has a price to be compared with."""
    return each.line.rank == "primary" and each.price.expected is not None


def is_token(each: Judged) -> bool:
    """Return whether a line only names a drug that cost nothing (RULES 9.1)."""
    return each.line.charge is not None and each.line.charge <= MOST_OF_A_TOKEN


def is_split_by_us(each: Judged) -> bool:
    """Return whether a part of its amounts was told of its claim alone (RULES 9.2)."""
    return each.line.match_method == "claim_level" or each.is_split_from_claim


def why_not_comparable(each: Judged) -> str | None:
    """Return why a line or its answers are no measure of its price (RULES 9.1, 4.7, 5.5)."""
    if each.outcome.amounts.prior_payer:
        return "another payer paid first (OA-23)"
    if is_token(each):
        return "token charge"
    if any(hit.event.stands_again for hit in each.line.live_hits):
        return "payment of the claim before its replacement"
    if any(hit.contradicts_itself for hit in each.line.spoken):
        return "remit line does not balance"
    return None


def mark_paid(lines: list[Judged]) -> None:
    """Give lines paid together the outcome `paid`, at first as now (RULES 9.2)."""
    for each in lines:
        each.outcome = replace(each.outcome, name="paid")
        if each.initial and each.initial.name in PAID_WITH_ANOTHER:
            each.initial = replace(each.initial, name="paid")
