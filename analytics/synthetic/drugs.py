"""The drugs of the made-up site: codes, vials, CMS payment limits, and what the practice charges.

Source: CMS payment limit files 2024Q2 to 2026Q1 and the CMS NDC-HCPCS crosswalk of January 2026; a
test compares both with the shipped reference. Charges are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache

CENT = Decimal("0.01")
HOUSE_CODE = "J1324"
HOUSE_CODE_CMS_CODE = "J9177"
ADMINISTRATION_CHARGES = {
    "96413": Decimal("450.00"),
    "96415": Decimal("120.00"),
    "96372": Decimal("95.00"),
}


@dataclass(frozen=True)
class Vial:
    """One single-dose package as an NDC names it."""

    ndc11: str
    mg: int
    quantity: int
    unit: str


@dataclass(frozen=True)
class Drug:
    """A drug under one billing code: milligrams per unit, invented charge per unit, vials."""

    name: str
    hcpcs: str
    unit_mg: Decimal
    charge_usd: Decimal
    vials: tuple[Vial, ...]
    diagnoses: tuple[str, ...]


PADCEV = (Vial("51144003001", 30, 1, "UN"), Vial("51144002001", 20, 1, "UN"))
OPDIVO = (
    Vial("00003373413", 240, 24, "ML"),
    Vial("00003375614", 120, 12, "ML"),
    Vial("00003377412", 100, 10, "ML"),
    Vial("00003377211", 40, 4, "ML"),
)
HERCEPTIN = (Vial("50242013201", 150, 1, "UN"),)

DRUGS = {
    drug.hcpcs: drug
    for drug in (
        Drug("enfortumab", "J1324", Decimal(1), Decimal(320), PADCEV, ("C679", "C7800")),
        Drug("enfortumab", "J9177", Decimal("0.25"), Decimal(80), PADCEV, ("C679",)),
        Drug("nivolumab", "J9299", Decimal(1), Decimal(70), OPDIVO, ("C439",)),
        Drug("trastuzumab", "J9355", Decimal(10), Decimal(170), HERCEPTIN, ("C50919",)),
    )
}

# Limit in dollars per CMS unit, coinsurance in percent.
LIMITS = {
    "2024Q1": {"J9177": ("35.028", "19.392"), "J9299": ("31.089", "20"), "J9355": ("80.465", "20")},
    "2024Q2": {"J9177": ("36.201", "18.886"), "J9299": ("31.094", "20"), "J9355": ("80.048", "20")},
    "2024Q3": {"J9177": ("36.117", "18.975"), "J9299": ("31.596", "20"), "J9355": ("78.082", "20")},
    "2024Q4": {"J9177": ("36.741", "18.963"), "J9299": ("31.750", "20"), "J9355": ("77.940", "20")},
    "2025Q1": {"J9177": ("36.647", "19.072"), "J9299": ("32.296", "20"), "J9355": ("77.051", "20")},
    "2025Q2": {"J9177": ("36.642", "19.143"), "J9299": ("32.352", "20"), "J9355": ("75.692", "20")},
    "2025Q3": {"J9177": ("36.663", "19.254"), "J9299": ("33.002", "20"), "J9355": ("76.181", "20")},
    "2025Q4": {"J9177": ("36.743", "19.401"), "J9299": ("32.964", "20"), "J9355": ("75.025", "20")},
    "2026Q1": {"J9177": ("36.718", "19.550"), "J9299": ("33.573", "20"), "J9355": ("73.483", "20")},
}


def cents(amount: Decimal) -> Decimal:
    """An amount in whole cents, halves away from zero.

    >>> cents(Decimal("66.825")), cents(Decimal("-0.005"))
    (Decimal('66.83'), Decimal('-0.01'))
    """
    return amount.quantize(CENT, ROUND_HALF_UP)


def quarter_of(day: date) -> str:
    """The calendar quarter of a day.

    >>> quarter_of(date(2025, 12, 31))
    '2025Q4'
    """
    return f"{day.year}Q{(day.month + 2) // 3}"


def quarter_before(quarter: str) -> str:
    """The quarter before one.

    >>> quarter_before("2026Q1")
    '2025Q4'
    """
    year, number = int(quarter[:4]), int(quarter[5])
    return f"{year}Q{number - 1}" if number > 1 else f"{year - 1}Q4"


def limit_per_unit(hcpcs: str, quarter: str) -> Decimal:
    """The CMS payment limit per billed unit; the house code has that of the same milligrams.

    >>> limit_per_unit("J1324", "2025Q4")
    Decimal('146.972')
    """
    if hcpcs == HOUSE_CODE:
        cms = DRUGS[HOUSE_CODE_CMS_CODE]
        per_unit = Decimal(LIMITS[quarter][cms.hcpcs][0])
        return per_unit * DRUGS[hcpcs].unit_mg / cms.unit_mg
    return Decimal(LIMITS[quarter][hcpcs][0])


def medicare_coinsurance(hcpcs: str, day: date) -> Decimal:
    """Medicare's coinsurance as a fraction: the file's for a drug, a fifth for an administration.

    >>> medicare_coinsurance("J9177", date(2025, 10, 1))
    Decimal('0.19401')
    """
    if hcpcs in ADMINISTRATION_CHARGES:
        return Decimal("0.2")
    return Decimal(LIMITS[quarter_of(day)][hcpcs][1]) / 100


def least_waste_vials(hcpcs: str, dose_mg: Decimal) -> dict[Vial, int]:
    """The whole vials that hold a dose with the least left over, fewest vials on a tie.

    >>> {vial.mg: n for vial, n in least_waste_vials("J9177", Decimal("102.5")).items()}
    {30: 3, 20: 1}
    """
    vials = DRUGS[hcpcs].vials
    counts = _least_counts(
        tuple(vial.mg for vial in vials), int(dose_mg.to_integral_value(ROUND_CEILING))
    )
    return {vial: count for vial, count in zip(vials, counts, strict=True) if count}


def vial_mg(opened: dict[Vial, int]) -> Decimal:
    """The milligrams in a set of vials."""
    return Decimal(sum(vial.mg * count for vial, count in opened.items()))


def units_for(hcpcs: str, mg: Decimal) -> Decimal:
    """The whole units that hold an administered dose, rounded up.

    >>> units_for("J9177", Decimal("89.125")), units_for("J9355", Decimal("431.4"))
    (Decimal('357'), Decimal('44'))
    """
    return (mg / DRUGS[hcpcs].unit_mg).to_integral_value(ROUND_CEILING)


def whole_units(hcpcs: str, mg: Decimal) -> Decimal:
    """The whole units in some milligrams, rounded down, never below zero."""
    return max(Decimal(0), (mg / DRUGS[hcpcs].unit_mg).to_integral_value(rounding=ROUND_FLOOR))


@cache
def _least_counts(sizes: tuple[int, ...], dose: int) -> tuple[int, ...]:
    if dose <= 0:
        return (0,) * len(sizes)
    if len(sizes) == 1:
        return (-(-dose // sizes[0]),)
    choices = (
        (count, *_least_counts(sizes[1:], dose - count * sizes[0]))
        for count in range(-(-dose // sizes[0]) + 1)
    )
    return min(choices, key=lambda counts: (_total(sizes, counts), sum(counts)))


def _total(sizes: tuple[int, ...], counts: tuple[int, ...]) -> int:
    return sum(size * count for size, count in zip(sizes, counts, strict=True))
