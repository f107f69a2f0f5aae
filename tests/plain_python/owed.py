"""Who owes a gap, for how long it can be asked, and what was recovered of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from .claim_line import ClaimLine
from .judged import Judged
from .money import CENT, ZERO, decimal_of, rounded
from .reference import Reference, Row
from .terms import grants_sequestration

BY_LAW = "Medicare: report and return within 60 days of identifying it (42 CFR 401.305)"
SEQUESTRATION_FROM = (
    (date(2022, 7, 1), "2"),
    (date(2022, 4, 1), "1"),
    (date(2020, 5, 1), "0"),
    (date(2013, 4, 1), "2"),
)


def name_who_owes(each: Judged, reference: Reference) -> None:
    """Give the gap its owner, its window and what was recovered (RULES 9.4 to 9.10)."""
    found, amounts = each.gap, each.outcome.amounts
    found.patient_owed = patient_owed(each)
    found.payer_owed = found.shortfall - found.patient_owed
    found.unsupported_cut = _unsupported_cut(each)
    open_dollars = found.payer_owed + found.unsupported_cut
    if _is_past_window(each, reference):
        found.past_window = open_dollars
    found.ask = open_dollars - found.past_window
    if each.initial is not None and each.initial.name != "open":
        expected = each.price.expected
        at_first = min(each.initial.amounts.allowed, expected)
        found.recovered = max(ZERO, min(amounts.allowed, expected) - at_first)
    if found.recovered > 0:
        found.recovered_on = each.outcome.deciding.event.payment_date
    if found.overpaid > 0:
        is_medicare = each.price.line_of_business == "medicare_ffs"
        found.refund_basis = BY_LAW if is_medicare else "the contract's refund clause"


def patient_owed(each: Judged) -> Decimal:
    """Return the patient's part of a shortfall (RULES 9.4)."""
    shortfall, amounts = each.gap.shortfall, each.outcome.amounts
    base = amounts.allowed - amounts.deductible - amounts.copay
    if amounts.deductible > 0 and amounts.allowed == amounts.deductible:
        return shortfall
    if amounts.coinsurance == 0 or base <= 0:
        return ZERO
    percent = _coinsurance_percent(each, base)
    if percent is None:
        # In proportion, so that what is asked of the payer is a floor.
        part = rounded(Fraction(shortfall) * Fraction(amounts.coinsurance) / Fraction(base), 2)
        return min(shortfall, max(ZERO, part))
    share = rounded(Fraction(base + shortfall) * Fraction(percent) / 100, 2)
    return min(shortfall, max(ZERO, share - amounts.coinsurance))


def _coinsurance_percent(each: Judged, base: Decimal) -> Decimal | None:
    """Return the percentage that reproduces PR-2 to the cent (RULES 9.4)."""
    coinsurance = each.outcome.amounts.coinsurance
    implied = 100 * Fraction(coinsurance) / Fraction(base)
    candidates = [rounded(implied, 0), rounded(implied, 2)]
    limit = each.price.limit
    if limit and each.price.line_of_business == "medicare_ffs":
        of_file = decimal_of(limit.get("coinsurance_pct"), 4)
        candidates = ([] if of_file is None else [of_file]) + candidates
    for percent in candidates:
        if rounded(Fraction(base) * Fraction(percent) / 100, 2) == coinsurance:
            return percent
    return None


def _unsupported_cut(each: Judged) -> Decimal:
    """Return payment-only reductions beyond what the term grants (RULES 9.5)."""
    amounts, price = each.outcome.amounts, each.price
    granted = ZERO
    if grants_sequestration(price.term, price.line_of_business):
        payable = amounts.allowed - amounts.patient - amounts.paid_to_patient
        by_law = rounded(Fraction(sequestration_percent(each.line)) * Fraction(payable) / 100, 2)
        granted = min(amounts.sequestration, by_law)
    beyond = amounts.payment_only - granted
    return beyond if beyond > CENT else ZERO


def sequestration_percent(line: ClaimLine) -> Decimal:
    """Return the law's percentage on a line's date (RULES 9.5)."""
    is_institutional = line.facts.claim_type == "institutional"
    day = line.through_date if is_institutional else line.service_date
    for starts, percent in SEQUESTRATION_FROM:
        if (day or line.service_date) >= starts:
            return Decimal(percent)
    return Decimal(0)


def _is_past_window(each: Judged, reference: Reference) -> bool:
    """Return whether the look-back of the payer is over at as-of (RULES 9.6)."""
    payer: Row = reference.payers.get(each.line.facts.payer.payer_id, {})
    days = payer.get("look_back_days")
    if not days or each.last_allowed_date is None:
        return False
    return each.last_allowed_date + timedelta(days=int(days)) < reference.as_of
