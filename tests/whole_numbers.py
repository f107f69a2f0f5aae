"""Exact money in whole numbers: cents, thousandths of a unit, millionths of a milligram."""


def half_away(numerator: int, denominator: int) -> int:
    """The quotient as a whole number, halves away from zero; the denominator is above zero."""
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def spread_in_cents(amount: int, weights: list[int]) -> list[int]:
    """The amount in parts by largest remainder, ties to the earlier part (RULES 5.4)."""
    weights = weights if any(weights) else [1] * len(weights)
    total, size = sum(weights), abs(amount)
    parts = [size * weight // total for weight in weights]
    remainders = [size * weight % total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))
    for place in by_remainder[: size - sum(parts)]:
        parts[place] += 1
    return parts if amount >= 0 else [-part for part in parts]
