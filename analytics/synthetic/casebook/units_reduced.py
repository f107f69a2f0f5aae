"""Fewer units paid than billed, on evidence; and remits that only seem to count fewer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from analytics.synthetic.casebook.case import Case, CaseLine, one
from analytics.synthetic.casebook.prices import CHARGES, at_limit, at_percent, cents
from analytics.synthetic.x12_writer import Adjustment

CAUSE = "units_reduced"
DAY, QUARTER = date(2025, 5, 13), "2025Q2"
RATE = Decimal("39.25")
OLD_RATE = Decimal("38.00")
SALES_PRICE_LIST = Decimal("33.004")


def cases() -> Iterator[Case]:
    """Every case of this cause, then every look-alike."""
    yield from _cut_on_the_remit()
    yield from _cut_by_other_evidence()
    yield from _cut_and_more()
    yield from _unstated()
    yield from _partly_denied()
    yield from _split()
    yield from _put_right()


def _limit(units: int, quarter: str = QUARTER) -> Decimal:
    return at_limit(units, "J9177", quarter, 104)


def _cut_on_the_remit() -> Iterator[Case]:
    for units, paid in ((400, 360), (320, 32), (480, 240)):
        right, short = _limit(units), _limit(paid)
        line = CaseLine(
            "J9177",
            units,
            right,
            short,
            ((CAUSE, right - short),),
            on_remit={"paid_units": paid, "original_units": units},
        )
        yield one("units_cut_on_remit", "larch", DAY, line, f"{paid} of {units} units paid")
    right, more = _limit(400), _limit(440)
    line = CaseLine(
        "J9177",
        400,
        right,
        more,
        ((CAUSE, right - more),),
        on_remit={"paid_units": 440, "original_units": 400},
    )
    yield one("units_added_on_remit", "larch", DAY, line, "440 units paid for 400 billed")
    # Infliximab is priced by the milligram: 30 units are 300 mg.
    per_unit = Decimal("31.50")
    right, short = cents(40 * per_unit), cents(30 * per_unit)
    line = CaseLine(
        "J1745",
        40,
        right,
        short,
        ((CAUSE, right - short),),
        on_remit={"paid_units": 30, "original_units": 40},
    )
    yield one("units_cut_at_milligram_rate", "rowan", DAY, line, "30 of 40 units paid")


def _cut_by_other_evidence() -> Iterator[Case]:
    right, short = cents(45 * Decimal("79.00")), cents(30 * Decimal("79.00"))
    line = CaseLine(
        "J9355", 45, right, short, ((CAUSE, right - short),), on_remit={"paid_units": 30}
    )
    note = "no count of billed units, but the allowed amount is that of 30 units to the cent"
    yield one("units_cut_by_amount", "rowan", DAY, line, note)
    # The contractual adjustment states how many units it took.
    right, short = at_percent(240, SALES_PRICE_LIST, 103), at_percent(200, SALES_PRICE_LIST, 103)
    line = CaseLine(
        "J9299",
        240,
        right,
        short,
        ((CAUSE, right - short),),
        on_remit={"paid_units": 200, "contractual_quantity": 40},
    )
    yield one("units_cut_by_quantity", "maple", DAY, line, "the CAS takes 40 units")


def _cut_and_more() -> Iterator[Case]:
    right, fewer, short = 400 * RATE, 360 * RATE, 360 * OLD_RATE
    causes = ((CAUSE, right - fewer), ("superseded_term", fewer - short))
    line = CaseLine(
        "J9177",
        400,
        cents(right),
        cents(short),
        causes,
        on_remit={"paid_units": 360, "original_units": 400},
    )
    yield one("units_cut_at_old_rate", "rowan", DAY, line, "360 units at the rate before")
    # Under a line's charge cap: 40 units are held to the charge, 30 are not.
    right, short = Decimal("6600.00"), at_limit(30, "J9303", QUARTER, 103)
    uncapped = at_limit(40, "J9303", QUARTER, 103)
    line = CaseLine(
        "J9303",
        40,
        right,
        short,
        ((CAUSE, right - short),),
        charge_usd=right,
        on_remit={"paid_units": 30, "original_units": 40},
        others=(("charge_limited", uncapped - right),),
    )
    yield one("units_cut_under_charge_cap", "larch", DAY, line, "the cap is inside both amounts")
    right, short = _limit(400), _limit(320)
    line = CaseLine(
        "J9177",
        400,
        right,
        short,
        ((CAUSE, right - short - _limit(40)),),
        on_remit={"paid_units": 320, "original_units": 400},
        denied=(_denied_units(40),),
        denied_expected_usd=_limit(40),
        others=(("partly_denied_dosage_or_units", _limit(40)),),
    )
    yield one("units_cut_beyond_denial", "larch", DAY, line, "40 units denied, 80 not paid")


def _unstated() -> Iterator[Case]:
    for units in (360, 400, 480):
        right = _limit(units, "2025Q1")
        line = CaseLine(
            "J9177", units, right, right, looks_like=CAUSE, on_remit={"paid_units": None}
        )
        note = "no SVC05, which says nothing; paid at contract"
        yield one("units_not_stated", "larch", date(2025, 2, 11), line, note)
    for units in (240, 480):
        right = cents(units * Decimal("34.10"))
        line = CaseLine("J9299", units, right, right, looks_like=CAUSE, on_remit={"paid_units": 1})
        note = "the remit counts one unit of everything and pays all of them"
        yield one("units_always_one", "rowan", date(2025, 2, 11), line, note)


def _partly_denied() -> Iterator[Case]:
    for units, denied in ((400, 80), (320, 40), (480, 120)):
        right, short = cents(units * RATE), cents((units - denied) * RATE)
        line = CaseLine(
            "J9177",
            units,
            right,
            short,
            looks_like=CAUSE,
            on_remit={"paid_units": units - denied, "original_units": units},
            denied=(_denied_units(denied),),
            denied_expected_usd=right - short,
            others=(("partly_denied_dosage_or_units", right - short),),
        )
        note = f"{denied} units are denied with a reason, so nothing is cut silently"
        yield one("units_denied", "rowan", DAY, line, note)


def _split() -> Iterator[Case]:
    right = _limit(400)
    line = CaseLine("J9177", 400, right, right, looks_like=CAUSE, parts=2)
    yield one("line_answered_in_parts", "larch", DAY, line, "two SVC of 200 units each")
    right = at_limit(240, "J9299", QUARTER, 108)
    line = CaseLine("J9299", 240, right, right, looks_like=CAUSE, parts=2)
    yield one("line_answered_in_parts", "larch", DAY, line, "two SVC of 120 units each")
    first, second = _limit(400), _limit(80)
    note = "480 units over two claims, modifier 76 on the second"
    line = CaseLine("J9177", 400, first, first, looks_like=CAUSE)
    yield one("claim_split_in_two", "larch", DAY, line, note)
    line = CaseLine("J9177", 80, second, second, looks_like=CAUSE, modifiers=("76",))
    yield one("claim_split_in_two", "larch", DAY, line, note, is_of_the_same_patient=True)


def _put_right() -> Iterator[Case]:
    for units in (400, 440):
        right, first = _limit(units), _limit(40)
        line = CaseLine(
            "J9177",
            units,
            right,
            right,
            looks_like=CAUSE,
            others=(("recovered", right - first),),
        )
        case = one("units_cut_then_paid", "larch", DAY, line, "40 units at first, then all")
        yield replace(case, first_allowed=first)


def _denied_units(denied: int) -> Adjustment:
    return Adjustment("CO", "151", denied * CHARGES["J9177"], denied)
