"""One other rate for everybody; and differences that are too few, too mixed, or none at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from analytics.synthetic.casebook.case import Case, CaseLine, one
from analytics.synthetic.casebook.prices import (
    CHARGES,
    COINSURANCE,
    at_limit,
    at_percent,
    cents,
)

CAUSE, UNEXPLAINED = "rate_difference", "unexplained"
SPRING, SUMMER = date(2025, 4, 29), date(2025, 8, 5)
AWP = Decimal("72.40")


def cases() -> Iterator[Case]:
    """Every case of this cause, then every look-alike."""
    yield from _other_percent()
    yield from _other_dollars()
    yield from _on_two_claims()
    yield from _lines_of_one_claim()
    yield from _in_different_quarters()
    yield from _each_another_rate()
    yield from _sequestered()
    yield from _deductible()


def _weeks(first: date, count: int) -> list[date]:
    return [first + timedelta(days=7 * week) for week in range(count)]


def _off(hcpcs: str, units: int, right: Decimal, paid: Decimal, cause: str = CAUSE) -> CaseLine:
    looks_like = CAUSE if cause == UNEXPLAINED else ""
    return CaseLine(hcpcs, units, right, paid, ((cause, right - paid),), looks_like=looks_like)


def _other_percent() -> Iterator[Case]:
    for day, units in zip(_weeks(SPRING, 4), (240, 480, 240, 360), strict=True):
        right, paid = (at_limit(units, "J9299", "2025Q2", pct) for pct in (108, "106.5"))
        line = _off("J9299", units, right, paid)
        yield one("another_percent", "larch", day, line, "106.5% where the term says 108%")
    for day, units in zip(_weeks(SUMMER, 3), (400, 360, 480), strict=True):
        right, paid = (at_limit(units, "J9177", "2025Q3", pct) for pct in (104, "107.25"))
        line = _off("J9177", units, right, paid)
        yield one("another_percent", "larch", day, line, "107.25% where the term says 104%")


def _other_dollars() -> Iterator[Case]:
    for day, units in zip(_weeks(SPRING, 3), (240, 480, 360), strict=True):
        right, paid = (cents(units * Decimal(rate)) for rate in ("34.10", "33.75"))
        yield one("another_fixed_rate", "rowan", day, _off("J9299", units, right, paid), "33.75")
    for day, units in zip(_weeks(date(2024, 10, 22), 3), (45, 60, 30), strict=True):
        charge = units * CHARGES["J9355"]
        right, paid = (cents(charge * pct / 100) for pct in (48, 46))
        line = _off("J9355", units, right, paid)
        yield one("another_share_of_charge", "maple", day, line, "46% of the charge")
    for day, units in zip(_weeks(date(2025, 2, 4), 3), (200, 300, 100), strict=True):
        right, paid = (at_percent(units, AWP, pct) for pct in (83, 81))
        line = _off("J9271", units, right, paid)
        yield one("another_discount", "maple", day, line, "AWP less 19%")


def _strays(day: date, quarter: str, percent: str, units: int = 400) -> CaseLine:
    right, paid = (at_limit(units, "J9177", quarter, pct) for pct in (104, percent))
    return _off("J9177", units, right, paid, UNEXPLAINED)


def _on_two_claims() -> Iterator[Case]:
    for day in _weeks(date(2024, 10, 29), 2):
        line = _strays(day, "2024Q4", "103.98")
        yield one("rate_on_two_claims", "larch", day, line, "two claims are no habit")


def _lines_of_one_claim() -> Iterator[Case]:
    line = _strays(SUMMER, "2025Q3", "103.97", 120)
    note = "three lines, but of one claim"
    yield Case("rate_on_one_claim", "larch", SUMMER + timedelta(days=1), (line,) * 3, note)


def _in_different_quarters() -> Iterator[Case]:
    for day, quarter in (
        (date(2024, 5, 14), "2024Q2"),
        (date(2024, 8, 13), "2024Q3"),
        (date(2025, 2, 11), "2025Q1"),
    ):
        line = _strays(day, quarter, "103.98")
        yield one("rate_once_a_quarter", "larch", day, line, "one claim a quarter")


def _each_another_rate() -> Iterator[Case]:
    for day, percent in zip(
        _weeks(date(2026, 1, 13), 3), ("103.99", "103.97", "103.95"), strict=True
    ):
        line = _strays(day, "2026Q1", percent)
        yield one("rates_all_different", "larch", day, line, "three claims, three rates")


def _sequestered() -> Iterator[Case]:
    for day, quarter in (
        *((day, "2025Q3") for day in _weeks(SUMMER, 2)),
        *((day, "2025Q4") for day in _weeks(date(2025, 11, 4), 2)),
    ):
        right = at_limit(400, "J9177", quarter, 100)
        share = COINSURANCE[quarter]
        cut = cents((right - cents(right * share)) * 2 / 100)
        line = CaseLine(
            "J9177",
            400,
            right,
            right,
            looks_like=CAUSE,
            modifiers=("JZ",),
            others=(("sequestration", cut),),
        )
        yield one(
            "sequestered",
            "medicare",
            day,
            line,
            "two percent of every payment, by law",
            filing_codes=("MB", "MB"),
            coinsurance=share,
            is_sequestered=True,
        )


def _deductible() -> Iterator[Case]:
    for day in _weeks(date(2025, 10, 14), 3):
        right = at_limit(400, "J9177", "2025Q4", 104)
        line = CaseLine("J9177", 400, right, right, looks_like=CAUSE)
        note = "500.00 of deductible on each"
        yield one("deductible_on_each", "larch", day, line, note, deductible_usd=Decimal("500.00"))
