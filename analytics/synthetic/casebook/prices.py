"""Prices the cases are worked out with, and the few lines of arithmetic they need.

Source: CMS payment limit files 2024Q1 to 2026Q2; a test compares them with the shipped reference.
List prices and charges are invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
QUARTERS = (
    "2024Q1",
    "2024Q2",
    "2024Q3",
    "2024Q4",
    "2025Q1",
    "2025Q2",
    "2025Q3",
    "2025Q4",
    "2026Q1",
)
LIMITS = {
    hcpcs: dict(zip(QUARTERS, row.split(), strict=True))
    for hcpcs, row in (
        ("J9177", "35.028 36.201 36.117 36.741 36.647 36.642 36.663 36.743 36.718"),
        ("J9299", "31.089 31.094 31.596 31.750 32.296 32.352 33.002 32.964 33.573"),
        ("J9355", "80.465 80.048 78.082 77.940 77.051 75.692 76.181 75.025 73.483"),
        ("J9271", "55.730 57.307 56.658 58.216 57.603 59.349 58.562 60.291 59.726"),
        ("J1745", "32.161 31.671 31.707 32.223 30.525 30.523 31.179 31.090 32.423"),
        ("J9303", "150.659 151.238 158.686 159.326 165.713 164.923 172.549 173.030 173.673"),
    )
}
# What 2024Q1 said of J1454 at first, and after CMS restated it.
RESTATED_HCPCS, RESTATED_QUARTER = "J1454", "2024Q1"
FIRST_VINTAGE, LATEST_VINTAGE = Decimal("173.545"), Decimal("694.178")
# Medicare's coinsurance on J9177.
COINSURANCE = {"2025Q3": Decimal("0.19254"), "2025Q4": Decimal("0.19401")}

# Billed code to charge per unit.
CHARGES = {
    "J1324": Decimal(320),
    "J9177": Decimal(80),
    "J9299": Decimal(70),
    "J9355": Decimal(170),
    "J9271": Decimal(130),
    "J1745": Decimal(70),
    "J9303": Decimal(400),
    "J1454": Decimal(1500),
    "96413": Decimal(450),
}


def cents(amount: Decimal) -> Decimal:
    """An amount in whole cents, halves away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def limit(hcpcs: str, quarter: str) -> Decimal:
    """The payment limit of a billed unit; J1324 is four units of J9177, the house's milligram.

    >>> limit("J1324", "2025Q4")
    Decimal('146.972')
    """
    if hcpcs == "J1324":
        return 4 * Decimal(LIMITS["J9177"][quarter])
    return Decimal(LIMITS[hcpcs][quarter])


def at_percent(
    units: int, price: Decimal, percent: Decimal | str | int, decimals: int | None = None
) -> Decimal:
    """Units at a percent of a price, the unit price rounded first where a payer does so.

    >>> at_percent(410, Decimal("36.743"), 104), at_percent(410, Decimal("36.743"), 104, 2)
    (Decimal('15667.22'), Decimal('15666.10'))
    """
    each = price * Decimal(percent) / 100
    if decimals is not None:
        each = each.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return cents(units * each)


def at_limit(
    units: int, hcpcs: str, quarter: str, percent: Decimal | str | int, decimals: int | None = None
) -> Decimal:
    """Units at a percent of the quarter's payment limit."""
    return at_percent(units, limit(hcpcs, quarter), percent, decimals)


def asp_plus(units: int, hcpcs: str, quarter: str, percent: int) -> Decimal:
    """Units at the average sales price plus a percent; the limit is that price plus six.

    >>> asp_plus(40, "J1745", "2025Q1", 8)
    Decimal('1244.04')
    """
    return cents(units * limit(hcpcs, quarter) * (100 + percent) / 106)


def spread(total: Decimal, by: Sequence[Decimal]) -> list[Decimal]:
    """A total in cents over some weights, largest remainder first, the earlier one on a tie.

    >>> spread(Decimal("100.00"), [Decimal(1), Decimal(1), Decimal(1)])
    [Decimal('33.34'), Decimal('33.33'), Decimal('33.33')]
    """
    exact = [total * weight / sum(by) for weight in by]
    parts = [part.quantize(CENT, "ROUND_FLOOR") for part in exact]
    left = int((total - sum(parts)) / CENT)
    order = sorted(range(len(by)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[:left]:
        parts[place] += CENT
    return parts
