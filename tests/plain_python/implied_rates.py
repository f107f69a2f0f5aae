"""The rates that an allowed amount implies: percent of the limit, dollars a unit, percent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from .candidates import is_close
from .money import rounded
from .rates import Rate

DECIMALS_OF_DOLLARS = (2, 3, 4)
MOST_PERCENT, MOST_DOLLARS = 100_000, 1_000_000


def implied_rates(rate: Rate, units: Decimal | None, allowed: Decimal) -> list[tuple[str, Decimal]]:
    """Return kind and value of each rate that gives the allowed amount again (RULES 16.9)."""
    return list(_implied(rate, units, allowed)) if allowed > 0 else []


def _implied(rate: Rate, units: Decimal | None, allowed: Decimal) -> Iterator[tuple[str, Decimal]]:
    if rate.is_by_limit and units:
        yield from _percent(
            "percent of the limit", Fraction(units) * Fraction(rate.price.amount), allowed
        )
    # A term's own kind comes first (RULES 16.9).
    if rate.price is None and rate.charge:
        yield from _percent("percent of the charge", Fraction(rate.charge), allowed)
    if units:
        for decimals in DECIMALS_OF_DOLLARS:
            dollars = rounded(Fraction(allowed) / Fraction(units), decimals)
            if is_close(rounded(Fraction(units) * Fraction(dollars), 2), allowed):
                if dollars < MOST_DOLLARS:
                    yield "dollars a unit", dollars
                break


def _percent(kind: str, whole: Fraction, allowed: Decimal) -> Iterator[tuple[str, Decimal]]:
    if not whole:
        return
    percent = rounded(100 * Fraction(allowed) / whole, 2)
    if percent < MOST_PERCENT and is_close(rounded(whole * Fraction(percent) / 100, 2), allowed):
        yield kind, percent
