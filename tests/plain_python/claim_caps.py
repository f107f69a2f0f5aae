"""The lesser of charge and rate over a whole claim, where its term says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from .claim_line import ClaimLine
from .money import ZERO, spread
from .prices import Price
from .terms import charge_cap_of

WITHOUT_CHARGE = "not priced: charge not stated"
NOT_PAID_FOR = ("denied", "returned", "open")
CappedLine = tuple[ClaimLine, Price]


def with_claim_caps(priced: list[CappedLine], outcomes: Mapping[int, str]) -> list[Price]:
    """Return the prices, those of lines that share a claim cap after it (RULES 8.6)."""
    prices = {id(line): price for line, price in priced}
    for group in claims_capped(priced, outcomes):
        if any(line.charge is None for line, _ in group):
            prices |= {id(line): _without_charge(price) for line, price in group}
            continue
        charges = sum((line.charge for line, _ in group), ZERO)
        at_rate = [price.rate.uncapped(line.units) for line, price in group]
        if charges < sum(at_rate):
            parts = spread(charges, at_rate)
            prices |= {
                id(line): _capped(price, amount, part)
                for (line, price), amount, part in zip(group, at_rate, parts, strict=True)
            }
    return [prices[id(line)] for line, _ in priced]


def claims_capped(priced: list[CappedLine], outcomes: Mapping[int, str]) -> list[list[CappedLine]]:
    """Return the lines of each claim, payer and contract with a cap over the claim, in order.

    Services that are not paid for stand among themselves (RULES 8.6).

    Takes    outcomes, of each line by its identity
    """
    groups: dict[tuple, list[CappedLine]] = defaultdict(list)
    for line, price in priced:
        # A charge that is not stated may be all that leaves a line of the claim unpriced.
        is_asked = price.is_at_rate or price.basis == WITHOUT_CHARGE
        if is_asked and line.standing not in ("dropped", "voided"):
            term, claim_type = price.term, line.facts.claim_type
            if charge_cap_of(term, price.line_of_business, claim_type) == "claim":
                payer_id = line.facts.payer.payer_id
                contract_id = term.get("contract_id") or ""
                is_unpaid = outcomes[id(line)] in NOT_PAID_FOR
                groups[id(line.claim), payer_id, contract_id, is_unpaid].append((line, price))
    return [sorted(group, key=lambda each: each[0].line_number) for group in groups.values()]


def _capped(price: Price, amount: Decimal, part: Decimal) -> Price:
    """Return a price after the cap took something from its claim."""
    return replace(
        price,
        rate=replace(price.rate, most=part),
        unlagged=replace(price.unlagged, most=part) if price.unlagged else None,
        expected=part,
        charge_limited=amount - part,
        part=part,
    )


def _without_charge(price: Price) -> Price:
    return Price(
        "not_priced", WITHOUT_CHARGE, price.line_of_business, term=price.term, policy=price.policy
    )
