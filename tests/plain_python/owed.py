"""Who owes a gap, for how long it can be asked, and what was recovered of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from .judged import Judged
from .medicare import expected_copayment, percent_of_limit_row, sequestration_percent
from .money import CENT, ZERO, rounded
from .reference import Reference, Row
from .terms import grants_sequestration

BY_LAW = "Medicare: report and return within 60 days of identifying it (42 CFR 401.305)"


def name_who_owes(each: Judged, reference: Reference) -> None:
    """Give the gap its owner, its window and what was recovered (RULES 9.4 to 9.10)."""
    found, amounts = each.gap, each.outcome.amounts
    found.patient_owed = patient_owed(each)
    found.payer_owed = found.shortfall - found.patient_owed
    found.unsupported_cut = _unsupported_cut(each)
    # A payer that sent more than it cut is asked for nothing (RULES 9.6).
    asked = found.payer_owed + max(ZERO, found.unsupported_cut - found.overpaid)
    if _is_past_window(each, reference):
        found.past_window = asked
    found.ask = asked - found.past_window
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
    is_all_the_patients = amounts.allowed > 0 and not (
        amounts.paid or amounts.payment_only or amounts.paid_to_patient
    )
    if is_all_the_patients:
        return shortfall
    if amounts.coinsurance == 0 or base <= 0:
        return ZERO
    share = expected_copayment(each)
    if share is None:
        percent = _coinsurance_percent(each, base)
        if percent is None:
            # In proportion, so that what is asked of the payer is a floor.
            part = rounded(Fraction(shortfall) * Fraction(amounts.coinsurance) / Fraction(base), 2)
            return min(shortfall, max(ZERO, part))
        share = rounded(Fraction(base + shortfall) * Fraction(percent) / 100, 2)
    return min(shortfall, max(ZERO, share - amounts.coinsurance))


def _coinsurance_percent(each: Judged, base: Decimal) -> Decimal | None:
    """Return Medicare's percentage of the quarter, else what gives PR-2 again (RULES 9.4)."""
    by_law = percent_of_limit_row(each)
    if by_law is not None:
        return by_law
    coinsurance = each.outcome.amounts.coinsurance
    implied = 100 * Fraction(coinsurance) / Fraction(base)
    for percent in (rounded(implied, 0), rounded(implied, 2)):
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


def _is_past_window(each: Judged, reference: Reference) -> bool:
    """Return whether the look-back of the payer is over at as-of (RULES 9.6)."""
    payer: Row = reference.payers.get(each.line.facts.payer.payer_id, {})
    days = payer.get("look_back_days")
    if not days or each.last_allowed_date is None:
        return False
    return each.last_allowed_date + timedelta(days=int(days)) < reference.as_of
