"""Paid by another version or another term of the contract; and terms that rightly changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from analytics.synthetic.casebook.case import ADVANTAGE, Case, CaseLine, one
from analytics.synthetic.casebook.contracts import SECOND_SITE_NPI
from analytics.synthetic.casebook.prices import CHARGES, at_limit, cents, spread

CAUSE = "superseded_term"
# Rowan's versions on J9177: before 2025, from 2025-01-01, and the amendment back to 2025-07-01.
FIRST, RENEWED, AMENDED = Decimal("38.00"), Decimal("39.25"), Decimal("40.10")
TAXANE_DAY = date(2025, 5, 27)
INFUSION = Decimal("285.00")


def cases() -> Iterator[Case]:
    """Every case of this cause, then every look-alike."""
    yield from _old_version()
    yield from _amendment()
    yield from _other_term()
    yield from _at_a_boundary()
    yield from _signed_after_the_day()
    yield from _other_term_granted()
    yield from _claim_cap()


def _off(hcpcs: str, units: int, right: Decimal, paid: Decimal) -> CaseLine:
    right, paid = cents(right), cents(paid)
    return CaseLine(hcpcs, units, right, paid, ((CAUSE, right - paid),))


def _fine(hcpcs: str, units: int, right: Decimal, **more: object) -> CaseLine:
    return CaseLine(hcpcs, units, cents(right), cents(right), looks_like=CAUSE, **more)


def _old_version() -> Iterator[Case]:
    for day, units in ((date(2025, 2, 4), 400), (date(2025, 3, 18), 360), (date(2025, 6, 3), 480)):
        line = _off("J9177", units, units * RENEWED, units * FIRST)
        yield one("version_before", "rowan", day, line, "38.00 of the year before")
    line = _off("J9177", 400, 400 * FIRST, 400 * RENEWED)
    note = "the rate of 2025, a month too early: too much"
    yield one("version_after", "rowan", date(2024, 12, 3), line, note)
    line = _off("J9355", 45, 45 * Decimal("77.50"), 45 * Decimal("79.00"))
    note = "the term that ended on 2025-06-30: too much"
    yield one("term_before", "rowan", date(2025, 7, 8), line, note)


def _amendment() -> Iterator[Case]:
    for day, units in (
        (date(2025, 7, 15), 400),
        (date(2025, 9, 16), 320),
        (date(2025, 11, 25), 440),
    ):
        line = _off("J9177", units, units * AMENDED, units * RENEWED)
        note = "paid before the amendment of 2026-01-15 was signed; it reaches back to 2025-07-01"
        yield one("amended_backwards", "rowan", day, line, note)
    line = _off("J9177", 400, 400 * RENEWED, 400 * AMENDED)
    note = "the amendment of 2026-01-15 begins a month later: too much"
    yield one("amended_too_far_back", "rowan", date(2025, 6, 10), line, note)


def _other_term() -> Iterator[Case]:
    for units in (240, 480):
        right, paid = (at_limit(units, "J9299", "2025Q2", pct) for pct in (108, 101))
        yield one(
            "term_of_another_drug", "larch", TAXANE_DAY, _off("J9299", units, right, paid), "101%"
        )
    right, paid = (at_limit(400, "J9177", "2025Q2", pct) for pct in (104, 100))
    line = _off("J9177", 400, right, paid)
    yield one("advantage_rate_on_commercial", "larch", TAXANE_DAY, line, "100% of the MA term")
    line = _off("J9177", 400, paid, right)
    yield one(
        "commercial_rate_on_advantage",
        "larch",
        TAXANE_DAY,
        line,
        "104% of the commercial term: too much",
        filing_codes=ADVANTAGE,
    )
    charge = 400 * CHARGES["J9177"]
    line = _off("J9177", 400, charge * 46 / 100, right)
    note = "a hospital claim paid by the professional term: too much"
    yield one(
        "professional_rate_on_hospital",
        "larch",
        TAXANE_DAY,
        line,
        note,
        claim_type="institutional",
    )
    right, paid = (at_limit(45, "J9355", "2025Q2", pct) for pct in ("103.5", "101"))
    line = _off("J9355", 45, right, paid)
    note = "the second site paid by the first one's term"
    yield one("rate_of_another_site", "larch", TAXANE_DAY, line, note, billing_npi=SECOND_SITE_NPI)


def _at_a_boundary() -> Iterator[Case]:
    for day, rate in (
        (date(2024, 12, 31), FIRST),
        (date(2025, 1, 1), RENEWED),
        (date(2026, 1, 27), AMENDED),
    ):
        note = f"{rate} is the rate of the day"
        yield one("version_of_the_day", "rowan", day, _fine("J9177", 400, 400 * rate), note)
    for day, rate in ((date(2025, 6, 30), "79.00"), (date(2025, 7, 1), "77.50")):
        note = f"{rate} is the term of the day"
        line = _fine("J9355", 45, 45 * Decimal(rate))
        yield one("term_of_the_day", "rowan", day, line, note)


def _signed_after_the_day() -> Iterator[Case]:
    for day in (date(2025, 2, 25), date(2025, 6, 17)):
        line = _fine("J9177", 400, 400 * RENEWED)
        note = "the 42.00 of an amendment signed after the as-of date is not known yet"
        yield one("amendment_not_yet_known", "rowan", day, line, note)


def _other_term_granted() -> Iterator[Case]:
    for units in (360, 400):
        line = _fine("J9177", units, at_limit(units, "J9177", "2025Q2", 100))
        note = "100% is the term of Medicare Advantage"
        yield one("advantage_rate", "larch", TAXANE_DAY, line, note, filing_codes=ADVANTAGE)
        line = _fine("J9177", units, units * CHARGES["J9177"] * 46 / 100)
        note = "46% of charges is the hospital's term"
        yield one("hospital_rate", "larch", TAXANE_DAY, line, note, claim_type="institutional")
    line = _fine("J9355", 45, at_limit(45, "J9355", "2025Q2", "103.5"))
    note = "103.5% is the term of the second site"
    yield one("rate_of_the_site", "larch", TAXANE_DAY, line, note, billing_npi=SECOND_SITE_NPI)
    charge = 45 * CHARGES["J9355"]
    line = _fine("J9355", 45, charge * 50 / 100, ndc="50242013210")
    yield one("rate_of_the_package", "maple", TAXANE_DAY, line, "50% is the term of this NDC")
    line = CaseLine(
        "J1745",
        30,
        None,
        Decimal("900.00"),
        looks_like=CAUSE,
        others=(("outcome_suppressed", None),),
        is_suppressed=True,
    )
    yield one("case_rate", "maple", TAXANE_DAY, line, "one case rate, whatever the units")


def _claim_cap() -> Iterator[Case]:
    rate = at_limit(40, "J9303", "2025Q2", 106)
    for charge, split in (
        (Decimal("6400.00"), "by rate"),
        (Decimal("6500.00"), "by charge"),
        (Decimal("7400.00"), "uncapped"),
    ):
        infusion = CHARGES["96413"]
        total = min(charge + infusion, rate + INFUSION)
        capped = spread(total, (rate, INFUSION))
        paid = [charge, infusion] if split == "by charge" else capped
        limited = rate - capped[0]
        drug = CaseLine(
            "J9303",
            40,
            capped[0],
            paid[0],
            looks_like=CAUSE,
            charge_usd=charge,
            others=(("charge_limited", limited),) if limited else (),
            is_paid_as_one=split == "by charge",
        )
        given = CaseLine("96413", 1, capped[1], paid[1], is_paid_as_one=split == "by charge")
        note = f"the claim is held to its charges as a whole: {split}"
        yield Case("charge_cap_of_the_claim", "maple", TAXANE_DAY, (drug, given), note)
