"""Unit prices a payer rounds without being allowed to; and roundings that are right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from analytics.synthetic.casebook.case import Case, CaseLine, one
from analytics.synthetic.casebook.prices import CENT, CHARGES, at_limit, at_percent, cents
from analytics.synthetic.x12_writer import Adjustment

CAUSE = "rounding"
DAY = date(2025, 11, 18)
# Quarter, decimals of the unit price, units of J9177 at 104%.
ROUNDED = (
    (date(2025, 11, 18), "2025Q4", 2, 400),
    (date(2025, 11, 18), "2025Q4", 2, 480),
    (date(2025, 11, 18), "2025Q4", 3, 480),
    (date(2024, 11, 26), "2024Q4", 1, 400),
    (date(2024, 11, 26), "2024Q4", 0, 400),
    (date(2025, 5, 27), "2025Q2", 2, 400),
    (date(2025, 2, 25), "2025Q1", 3, 400),
)


def cases() -> Iterator[Case]:
    """Every case of this cause, then every look-alike."""
    yield from _unit_price()
    yield from _other_methods()
    yield from _a_cent_beside_another_cause()
    yield from _decimals_granted()
    yield from _pennies()
    yield from _ties()
    yield from _odd_charges()


def _off(hcpcs: str, units: int, right: Decimal, paid: Decimal) -> CaseLine:
    return CaseLine(hcpcs, units, right, paid, ((CAUSE, right - paid),))


def _unit_price() -> Iterator[Case]:
    for day, quarter, decimals, units in ROUNDED:
        right = at_limit(units, "J9177", quarter, 104)
        line = _off("J9177", units, right, at_limit(units, "J9177", quarter, 104, decimals))
        note = f"the unit price rounded to {decimals} decimals"
        yield one("unit_price_rounded", "larch", day, line, note)


def _other_methods() -> Iterator[Case]:
    awp = Decimal("72.40")
    line = _off("J9271", 200, at_percent(200, awp, 83), at_percent(200, awp, 83, 2))
    yield one("list_price_rounded", "maple", date(2025, 5, 20), line, "60.092 paid as 60.09")
    right, paid = cents(240 * Decimal("34.10")), cents(240 * Decimal(34))
    line = _off("J9299", 240, right, paid)
    yield one("fixed_rate_rounded", "rowan", DAY, line, "34.10 paid as 34")
    right = at_limit(40, "J9303", "2025Q4", 102)
    line = _off("J9303", 40, right, at_limit(40, "J9303", "2025Q4", 102, 2))
    yield one("drug_term_rounded", "rowan", DAY, line, "176.4906 paid as 176.49")


def _a_cent_beside_another_cause() -> Iterator[Case]:
    right, fewer = (at_limit(units, "J9177", "2025Q4", 104) for units in (400, 360))
    line = CaseLine(
        "J9177",
        400,
        right,
        fewer - CENT,
        (("units_reduced", right - fewer), (CAUSE, CENT)),
        on_remit={"paid_units": 360, "original_units": 400},
    )
    yield one("cent_after_units", "larch", DAY, line, "40 units, then a cent")
    # The parts of this line, each rounded, come to a cent less than the line.
    whole, paid, denied = (at_limit(n, "J9299", "2025Q3", 108) for n in (240, 229, 11))
    line = CaseLine(
        "J9299",
        240,
        whole,
        paid,
        ((CAUSE, whole - paid - denied),),
        on_remit={"paid_units": 229, "original_units": 240},
        denied=(Adjustment("CO", "151", 11 * CHARGES["J9299"], 11),),
        denied_expected_usd=denied,
        others=(("partly_denied_dosage_or_units", denied),),
    )
    yield one("cent_after_denial", "larch", date(2025, 8, 19), line, "11 units denied, then a cent")


def _decimals_granted() -> Iterator[Case]:
    for day, quarter in (
        (date(2024, 11, 26), "2024Q4"),
        (date(2025, 2, 25), "2025Q1"),
        (date(2025, 5, 27), "2025Q2"),
        (date(2025, 11, 18), "2025Q4"),
    ):
        right = at_limit(200, "J9271", quarter, 105, 2)
        line = CaseLine("J9271", 200, right, right, looks_like=CAUSE)
        note = "the contract has unit prices in cents"
        yield one("decimals_granted", "larch", day, line, note)


def _pennies() -> Iterator[Case]:
    for units, cent in ((360, CENT), (400, CENT), (440, -CENT), (480, -CENT)):
        right = at_limit(units, "J9177", "2025Q4", 104)
        line = CaseLine("J9177", units, right, right - cent, looks_like=CAUSE)
        yield one("a_cent_off", "larch", DAY, line, "a cent either way is a match")


def _ties() -> Iterator[Case]:
    # 146.85 a milligram is 36.7125 a unit, and 2.5% more makes half cents of every 80 units.
    for units in (80, 240, 400, 560):
        right = at_percent(units, Decimal("36.7125"), Decimal("102.5"))
        line = CaseLine("J9177", units, right, right, looks_like=CAUSE)
        yield one("half_a_cent", "maple", date(2025, 9, 2), line, "half a cent goes up")


def _odd_charges() -> Iterator[Case]:
    for charge in (Decimal("7650.37"), Decimal("7649.99")):
        right = cents(charge * 48 / 100)
        line = CaseLine("J9355", 45, right, right, looks_like=CAUSE, charge_usd=charge)
        yield one("share_of_odd_charge", "maple", date(2025, 9, 9), line, "48%, rounded once")
