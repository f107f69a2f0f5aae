"""The words and figures every part of a claim line's story is told with."""

from decimal import Decimal

from analytics.story import Row

DENIED = ("denied", "zero_no_reason", "partly_denied")
EVIDENCE = {
    "A": "by administration records",
    "B": "on NDC evidence",
    "C": "by the least-waste theory",
}


def usd(amount: Decimal | None) -> str:
    """Dollars with their cents.

    >>> usd(Decimal("-1234.50")), usd(None)
    ('-$1,234.50', 'not known')
    """
    if amount is None:
        return "not known"
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def number(quantity: Decimal | None) -> str:
    """Units, rates and milligrams without the zeros nobody wrote.

    >>> number(Decimal("90.000")), number(Decimal("0.250")), number(None)
    ('90', '0.25', '?')
    """
    if quantity is None:
        return "?"
    text = f"{quantity:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_words(name: object) -> str:
    """A snake_case name as people say it."""
    return str(name).replace("_", " ")


def missed_waste(treatment: Row) -> str:
    """Missed waste in dollars, or in units where it has no price, and what shows it."""
    leakage = treatment["leakage_usd"]
    worth = f"{number(treatment['missed_units'])} units" if leakage is None else usd(leakage)
    evidence = EVIDENCE.get(treatment["vial_evidence"])
    return f"{worth} ({evidence})" if evidence else worth
