"""Which transactions count: no tests, each content once, no upload that broke off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from .money import decimal_of
from .x12 import Segment, Transaction

CLAIM_SEGMENT = {"835": "CLP", "837": "CLM"}


def counted_once(found: Iterable[Transaction]) -> list[Transaction]:
    """Return the transactions that are loaded, the least of each content (RULES 1.1, 1.2, 1.6)."""
    ours = [transaction for transaction in found if not transaction.is_test]
    # A truncated copy cannot balance: a whole one stands for it, whatever their control numbers.
    ours.sort(key=lambda each: (not each.has_se, *each.order[:4], each.source_file, each.offset))
    first_copy: dict[str, Transaction] = {}
    for transaction in ours:
        first_copy.setdefault(transaction.content, transaction)
    cut_off = {id(transaction) for transaction in _cut_off_copies(ours)}
    return [each for each in first_copy.values() if id(each) not in cut_off]


def _cut_off_copies(ours: list[Transaction]) -> list[Transaction]:
    """Return the transactions without an SE that another one continues (RULES 1.6)."""
    deliveries: dict[tuple, list[Transaction]] = defaultdict(list)
    for transaction in ours:
        if transaction.kind in CLAIM_SEGMENT:
            deliveries[_delivery_of(transaction)].append(transaction)
    return [
        broken
        for copies in deliveries.values()
        for broken in copies
        if not broken.has_se and any(_continues(other, broken) for other in copies)
    ]


def _delivery_of(transaction: Transaction) -> tuple[str, ...]:
    return (
        transaction.kind,
        transaction.isa_control,
        transaction.gs_control,
        transaction.st_control,
        transaction.gs_date,
        transaction.gs_time,
    )


def _continues(other: Transaction, broken: Transaction) -> bool:
    """Return whether a transaction of the same delivery goes on where one broke off."""
    goes_further = other.has_se or len(other.segments) > len(broken.segments)
    told = _claims_told(broken)
    return other is not broken and goes_further and _claims_told(other)[: len(told)] == told


def _claims_told(transaction: Transaction) -> list[tuple]:
    """Return what is compared of each claim: number, charge and status, paid or frequency."""
    claim = CLAIM_SEGMENT[transaction.kind]
    say = _clp if claim == "CLP" else _clm
    return [say(segment) for segment in transaction.segments if segment.name == claim]


def _clp(clp: Segment) -> tuple[str | Decimal | None, ...]:
    return clp.get(1), _amount(clp, 3), clp.get(2), _amount(clp, 4)


def _clm(clm: Segment) -> tuple[str | Decimal | None, ...]:
    facility = clm.components(5)
    return clm.get(1), _amount(clm, 2), facility[2] if len(facility) > 2 else ""


def _amount(segment: Segment, place: int) -> Decimal | None:
    return decimal_of(segment.get(place), 4)
