"""Gaps another publication of a limit explains, where a day it came out is a guess (RULES 9.1)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from .comparable import is_penny
from .judged import Judged
from .money import CENT, decimal_of
from .rating import RateBook
from .reference import Row

ESTIMATED = "estimated"


def is_explained_by_an_estimate(each: Judged, rates: RateBook) -> bool:
    """Return whether another limit of the priced quarter allows what was allowed (RULES 9.1)."""
    price = each.price
    used = price.rate.price if price.is_at_rate and price.rate else None
    if used is None or used.kind != "limit" or price.term.get("price_vintage") or is_penny(each):
        return False
    published = rates.limits.vintages(used.limit["effective_quarter"], used.limit["hcpcs"])
    if not any(_is_estimated(row) for row in published):
        return False
    others = [row for row in published if _stated(row) not in (None, _stated(used.limit))]
    for row in others:
        other = rates.by_limit(row, each.identity)
        amount = replace(price.rate, price=other).at(each.line.units)
        if abs(amount - each.outcome.amounts.allowed) <= CENT:
            return True
    return False


def _is_estimated(row: Row) -> bool:
    return (row.get("published_on_basis") or "").endswith(ESTIMATED)


def _stated(row: Row) -> Decimal | None:
    return decimal_of(row["payment_limit"], 6)
