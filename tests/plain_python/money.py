"""Exact money: cents half away from zero, one rounding a line, largest remainder."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")


def rounded(value: Fraction | Decimal | int, decimals: int) -> Decimal:
    """Return the value with so many decimals, halves away from zero."""
    scaled = abs(Fraction(value)) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = -1 if value < 0 else 1
    return (Decimal(sign * whole)).scaleb(-decimals)


def decimal_of(text: str | None, decimals: int) -> Decimal | None:
    """Return the number a text holds, or None where it holds none (RULES 1.4)."""
    if text is None or not _NUMBER.fullmatch(text.strip()):
        return None
    return Decimal(text.strip()).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def dollars_of(text: str | None) -> Decimal | None:
    """Return cents, half away from zero (RULES 1.4)."""
    return decimal_of(text, 2)


def units_of(text: str | None) -> Decimal | None:
    """Return units with three decimals (metrics 1)."""
    return decimal_of(text, 3)


def x12_date(text: str | None) -> date | None:
    """Return the day of a CCYYMMDD or YYMMDD text, or None."""
    digits = (text or "").strip()
    if len(digits) == 6:
        digits = "20" + digits
    if len(digits) != 8 or not digits.isdigit():
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def iso_date(text: str | None) -> date | None:
    """Return the day of an ISO text, or None where it is empty."""
    return date.fromisoformat(text.strip()) if text and text.strip() else None


def quarter_of(day: date) -> str:
    """Return the calendar quarter a day lies in, as 2025Q4."""
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def is_same_charge(one: Decimal | None, other: Decimal | None) -> bool:
    """Return whether two charges are told and the same amount, either way (RULES 5.1)."""
    return one is not None and other is not None and abs(one) == abs(other)


def spread(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """Return the amount in parts that sum to it, by largest remainder (RULES 5.4)."""
    shares = [abs(Fraction(weight)) for weight in weights]
    if not any(shares):
        shares = [Fraction(1)] * len(weights)
    cents = int(abs(amount) / CENT)
    exact = [share * cents / sum(shares) for share in shares]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_remainder[: cents - sum(parts)]:
        parts[place] += 1
    sign = -1 if amount < 0 else 1
    return [sign * part * CENT for part in parts]


def is_day(text: str | None) -> bool:
    """Return whether a text is an ISO day, or empty."""
    if not text:
        return True
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def quarter_by(quarter: str, steps: int) -> str:
    """Return the quarter so many steps later; back where the steps are negative."""
    year, number = quarter.split("Q")
    place = 4 * int(year) + int(number) - 1 + steps
    return f"{place // 4}Q{place % 4 + 1}"
