"""A price of another quarter, vintage or list; and old prices that a contract grants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from analytics.synthetic.casebook.case import NOTHING, Case, CaseLine, one
from analytics.synthetic.casebook.prices import (
    FIRST_VINTAGE,
    LATEST_VINTAGE,
    RESTATED_HCPCS,
    asp_plus,
    at_limit,
    at_percent,
    cents,
)

CAUSE = "other_quarter_price"
NO_PACKAGE = ("waste_no_package_known", NOTHING)
RESTATED_DAY = date(2024, 2, 13)
AFTER_RESTATEMENT = date(2024, 12, 10)
# Service date, its quarter, the quarter the payer priced by.
STALE = (
    (date(2024, 11, 19), "2024Q4", "2024Q3", 400),
    (date(2025, 11, 18), "2025Q4", "2025Q3", 360),
    (date(2026, 2, 3), "2026Q1", "2025Q4", 400),
)
FURTHER_BACK = (
    (date(2025, 8, 19), "2025Q3", "2025Q1", 240),
    (date(2025, 8, 19), "2025Q3", "2024Q4", 480),
    (date(2025, 11, 18), "2025Q4", "2024Q4", 360),
)


def cases() -> Iterator[Case]:
    """Every case of this cause, then every look-alike."""
    yield from _stale_limits()
    yield from _other_list_price()
    yield from _despite_the_lag()
    yield from _other_vintage()
    yield from _lag_granted()
    yield from _vintage_granted()
    yield from _last_day()
    yield from _held_to_the_charge()


def _off(hcpcs: str, units: int, right: Decimal, paid: Decimal) -> CaseLine:
    return CaseLine(hcpcs, units, right, paid, ((CAUSE, right - paid),))


def _fine(hcpcs: str, units: int, right: Decimal, *others: tuple[str, Decimal | None]) -> CaseLine:
    return CaseLine(hcpcs, units, right, right, looks_like=CAUSE, others=others)


def _stale_limits() -> Iterator[Case]:
    for day, quarter, used, units in STALE:
        right, paid = (at_limit(units, "J9177", q, 104) for q in (quarter, used))
        line = _off("J9177", units, right, paid)
        yield one("stale_limit", "larch", day, line, f"the limit of {used}")
    for day, quarter, used, units in FURTHER_BACK:
        right, paid = (at_limit(units, "J9299", q, 108) for q in (quarter, used))
        line = _off("J9299", units, right, paid)
        yield one("limit_further_back", "larch", day, line, f"the limit of {used}")
    day = date(2025, 6, 24)
    right, paid = (at_limit(200, "J9271", q, 105, 2) for q in ("2025Q2", "2025Q3"))
    line = _off("J9271", 200, right, paid)
    yield one("priced_by_payment_date", "larch", day, line, "the limit of the day it paid")
    right, paid = (asp_plus(40, "J1745", q, 8) for q in ("2025Q4", "2026Q1"))
    line = _off("J1745", 40, right, paid)
    note = "the sales price of the quarter after: too much"
    yield one("priced_by_payment_date", "larch", date(2025, 12, 9), line, note)
    # 7,000.00 is less than the limit of 2025Q3 gives and more than that of 2025Q2.
    right, paid = Decimal("7000.00"), at_limit(40, "J9303", "2025Q2", 103)
    limited = at_limit(40, "J9303", "2025Q3", 103) - right
    line = CaseLine(
        "J9303",
        40,
        right,
        paid,
        ((CAUSE, right - paid),),
        charge_usd=right,
        others=(("charge_limited", limited),),
    )
    note = "the limit of 2025Q2, below the charge that the contract holds the line to"
    yield one("stale_limit_under_charge_cap", "larch", date(2025, 8, 26), line, note)


def _other_list_price() -> Iterator[Case]:
    for day, price, used, note in (
        (date(2025, 2, 18), "72.40", "70.25", "the AWP before"),
        (date(2025, 11, 4), "74.10", "72.40", "the AWP before"),
        (date(2025, 9, 9), "72.40", "74.10", "the AWP to come: too much"),
    ):
        right, paid = (at_percent(200, Decimal(one_price), 83) for one_price in (price, used))
        yield one("other_list_price", "maple", day, _off("J9271", 200, right, paid), note)
    right, paid = (at_percent(240, Decimal(wac), 103) for wac in ("33.004", "32.105"))
    line = _off("J9299", 240, right, paid)
    yield one("other_list_price", "maple", date(2025, 5, 6), line, "the WAC before")


def _despite_the_lag() -> Iterator[Case]:
    # 45 days into its quarter a limit begins to hold: until then that of the quarter before.
    for day, lagged, current in (
        (date(2025, 4, 22), "2025Q1", "2025Q2"),
        (date(2025, 10, 21), "2025Q3", "2025Q4"),
    ):
        right, paid = (at_limit(60, "J9355", q, 101) for q in (lagged, current))
        line = CaseLine(
            "J9355",
            60,
            right,
            paid,
            ((CAUSE, right - paid),),
            others=(("lag_effect", paid - right),),
        )
        note = "the new, lower limit before the contract's 45 days"
        yield one("lag_not_kept", "larch", day, line, note)


def _other_vintage() -> Iterator[Case]:
    first, latest = cents(FIRST_VINTAGE), cents(LATEST_VINTAGE)
    for payer_id, right, paid, paid_on, note in (
        ("larch", latest, first, None, "the limit before CMS restated it"),
        ("larch", latest, first, AFTER_RESTATEMENT, "the limit before CMS restated it"),
        # Nobody is accused by a day of publication that is an estimate, as the restatement's is.
        ("rowan", first, first, AFTER_RESTATEMENT, "the old limit, though restated by about then"),
        ("maple", first, latest, AFTER_RESTATEMENT, "the restated limit: too much"),
    ):
        line = _fine(RESTATED_HCPCS, 1, right, NO_PACKAGE)
        if paid != right:
            line = replace(line, allowed_usd=paid, causes=((CAUSE, right - paid),), looks_like="")
        yield one("other_vintage", payer_id, RESTATED_DAY, line, note, paid_on=paid_on)


def _lag_granted() -> Iterator[Case]:
    for day, lagged, current in (
        (date(2024, 7, 16), "2024Q2", "2024Q3"),
        (date(2025, 1, 21), "2024Q4", "2025Q1"),
        (date(2025, 7, 22), "2025Q2", "2025Q3"),
        (date(2026, 1, 20), "2025Q4", "2026Q1"),
    ):
        right, unlagged = (at_limit(45, "J9355", q, 101) for q in (lagged, current))
        line = _fine("J9355", 45, right, ("lag_effect", unlagged - right))
        note = f"the contract grants the limit of {lagged} for 45 days more"
        yield one("lag_granted", "larch", day, line, note)


def _vintage_granted() -> Iterator[Case]:
    first, latest = cents(FIRST_VINTAGE), cents(LATEST_VINTAGE)
    for payer_id, right, paid_on, note in (
        ("maple", first, None, "the contract names the limit as first published"),
        ("maple", first, AFTER_RESTATEMENT, "the contract names the limit as first published"),
        ("rowan", first, None, "paid before the restatement: nothing else was known"),
        ("rowan", latest, AFTER_RESTATEMENT, "paid after the restatement, by it"),
    ):
        line = _fine(RESTATED_HCPCS, 1, right, NO_PACKAGE)
        yield one("vintage_granted", payer_id, RESTATED_DAY, line, note, paid_on=paid_on)


def _last_day() -> Iterator[Case]:
    for day, quarter in ((date(2025, 3, 31), "2025Q1"), (date(2025, 9, 30), "2025Q3")):
        line = _fine("J9177", 400, at_limit(400, "J9177", quarter, 104))
        note = "given on the last day of a quarter, paid in the next"
        yield one("last_day_of_quarter", "larch", day, line, note)
    line = _fine("J9271", 200, at_percent(200, Decimal("70.25"), 83))
    note = "the AWP of the day, changed the day after"
    yield one("last_day_of_list_price", "maple", date(2024, 12, 31), line, note)


def _held_to_the_charge() -> Iterator[Case]:
    # A charge that is what another quarter's limit would have come to.
    for day, quarter, seeming in (
        (date(2025, 8, 5), "2025Q3", "2025Q2"),
        (date(2024, 8, 6), "2024Q3", "2024Q2"),
    ):
        charge = at_limit(40, "J9303", seeming, 103)
        limited = at_limit(40, "J9303", quarter, 103) - charge
        line = CaseLine(
            "J9303",
            40,
            charge,
            charge,
            looks_like=CAUSE,
            charge_usd=charge,
            others=(("charge_limited", limited),),
        )
        note = f"held to a charge that is what {seeming} would have given"
        yield one("charge_like_an_old_price", "larch", day, line, note)
