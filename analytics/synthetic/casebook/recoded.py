"""Another code on the remit at another price; and other codes that come to the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from analytics.synthetic.casebook.case import Case, CaseLine, one
from analytics.synthetic.casebook.prices import at_limit, cents

CAUSE = "recoded"
DAY, QUARTER, BEFORE = date(2025, 5, 20), "2025Q2", "2025Q1"
DAYS = {
    "2024Q4": date(2024, 11, 12),
    "2025Q2": date(2025, 5, 20),
    "2025Q3": date(2025, 8, 12),
    "2025Q4": date(2025, 11, 11),
}


def cases() -> Iterator[Case]:
    """Every case of this cause, then every look-alike."""
    yield from _units_of_another_code()
    yield from _code_without_term()
    yield from _other_drug()
    yield from _same_milligrams()
    yield from _same_milligrams_at_an_old_price()
    yield from _same_code()


def _answered_as(hcpcs: str, billed: str, units: int | None, **more: object) -> dict[str, object]:
    return {"hcpcs": hcpcs, "original_hcpcs": billed, "paid_units": units, **more}


def _units_of_another_code() -> Iterator[Case]:
    for quarter in ("2024Q4", "2025Q3", "2025Q4"):
        right = at_limit(100, "J1324", quarter, 104)
        short = at_limit(100, "J9177", quarter, 104)
        line = CaseLine(
            "J1324",
            100,
            right,
            short,
            ((CAUSE, right - short),),
            on_remit=_answered_as("J9177", "J1324", 100),
        )
        note = "100 mg paid as 100 units of J9177, which are 25 mg"
        yield one("milligrams_taken_for_units", "larch", DAYS[quarter], line, note)


def _code_without_term() -> Iterator[Case]:
    for units in (45, 60):
        right, short = units * Decimal("79.00"), units * Decimal("61.00")
        line = CaseLine(
            "J9355",
            units,
            right,
            short,
            ((CAUSE, right - short),),
            on_remit=_answered_as("Q5112", "J9355", units),
        )
        yield one("paid_as_biosimilar", "rowan", DAY, line, "Q5112 has no term")
    right, short = 400 * Decimal("39.25"), 400 * Decimal("31.00")
    line = CaseLine(
        "J9177",
        400,
        right,
        short,
        ((CAUSE, right - short),),
        on_remit=_answered_as("J9999", "J9177", 400),
    )
    yield one("paid_as_unlisted", "rowan", DAY, line, "J9999 has no term")


def _other_drug() -> Iterator[Case]:
    right, other = at_limit(200, "J9271", QUARTER, 105, 2), at_limit(200, "J9299", QUARTER, 108)
    on_remit = _answered_as("J9299", "J9271", 200)
    line = CaseLine("J9271", 200, right, other, ((CAUSE, right - other),), on_remit=on_remit)
    yield one("paid_as_another_drug", "larch", DAY, line, "paid as nivolumab, 200 mg for 200 mg")
    old = at_limit(200, "J9299", BEFORE, 108)
    causes = ((CAUSE, right - other), ("other_quarter_price", other - old))
    line = CaseLine("J9271", 200, right, old, causes, on_remit=on_remit)
    note = "paid as nivolumab at the limit of the quarter before"
    yield one("paid_as_another_drug_and_quarter", "larch", DAY, line, note)
    right, other = at_limit(240, "J9299", QUARTER, 108), at_limit(240, "J9271", QUARTER, 105, 2)
    line = CaseLine(
        "J9299",
        240,
        right,
        other,
        ((CAUSE, right - other),),
        on_remit=_answered_as("J9271", "J9299", 240),
    )
    yield one("paid_as_a_dearer_drug", "larch", DAY, line, "paid as pembrolizumab: too much")


def _same_milligrams() -> Iterator[Case]:
    for milligrams in (90, 100, 120):
        right = at_limit(milligrams, "J1324", QUARTER, 104)
        line = CaseLine(
            "J1324",
            milligrams,
            right,
            right,
            looks_like=CAUSE,
            on_remit=_answered_as("J9177", "J1324", 4 * milligrams, original_units=milligrams),
        )
        note = "the CMS code of the same milligrams at the same percent"
        yield one("paid_under_cms_code", "larch", DAY, line, note)
    for units in (360, 400):
        right = at_limit(units, "J9177", QUARTER, 104)
        line = CaseLine(
            "J9177",
            units,
            right,
            right,
            looks_like=CAUSE,
            on_remit=_answered_as("J1324", "J9177", units // 4, original_units=units),
        )
        note = "the house code of the same milligrams at the same percent"
        yield one("paid_under_house_code", "larch", DAY, line, note)


def _same_milligrams_at_an_old_price() -> Iterator[Case]:
    for milligrams in (100, 110):
        right = at_limit(milligrams, "J1324", "2024Q4", 104)
        short = at_limit(milligrams, "J1324", "2024Q3", 104)
        line = CaseLine(
            "J1324",
            milligrams,
            right,
            short,
            (("other_quarter_price", right - short),),
            looks_like=CAUSE,
            on_remit=_answered_as("J9177", "J1324", None),
        )
        note = "another code of the same worth: the old price is what is wrong"
        yield one("cms_code_at_old_price", "larch", DAYS["2024Q4"], line, note)


def _same_code() -> Iterator[Case]:
    for units in (240, 480):
        right = cents(units * Decimal("34.10"))
        line = CaseLine(
            "J9299", units, right, right, looks_like=CAUSE, on_remit={"modifiers": ("RT",)}
        )
        note = "the code that was billed, with another modifier"
        yield one("paid_with_other_modifier", "rowan", DAY, line, note)
    for units in (45, 60):
        right = cents(units * Decimal("79.00"))
        line = CaseLine(
            "J9355",
            units,
            right,
            right,
            looks_like=CAUSE,
            on_remit={"original_hcpcs": "J9355"},
        )
        note = "SVC06 repeats the code that was paid"
        yield one("original_code_repeated", "rowan", DAY, line, note)
    right = at_limit(400, "J9177", QUARTER, 104)
    line = CaseLine("J9177", 400, right, right, looks_like=CAUSE, on_remit={"hcpcs": "J9177"})
    yield one(
        "matched_without_line_number", "larch", DAY, line, "no REF*6R", has_line_numbers=False
    )
