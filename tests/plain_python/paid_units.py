"""How many units a remit proves it paid."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .claim_line import ClaimLine
from .drugs import DrugBook
from .money import rounded
from .outcomes import Outcome
from .prices import Price
from .remits import RemitLine


def paid_units(line: ClaimLine, outcome: Outcome, price: Price, drugs: DrugBook) -> Decimal | None:
    """Return the units the remit proves it paid, None where not stated (RULES 9.8)."""
    remit_lines = outcome.deciding.remit_lines if outcome.deciding else []
    if not remit_lines or any(each.paid_units is None for each in remit_lines):
        return None
    if outcome.amounts.allowed and not sum(each.paid_units for each in remit_lines):
        # A 0 on a paid line states no count.
        return None
    if any(each.hcpcs != line.hcpcs for each in remit_lines):
        return _across_codes(line, remit_lines, drugs)
    paid = sum((each.paid_units for each in remit_lines), Decimal("0.000"))
    billed = sum(
        each.paid_units if each.original_units is None else each.original_units
        for each in remit_lines
    )
    quantities = [
        each.quantity for each in outcome.deciding.adjustments if each.quantity is not None
    ]
    states_the_cut = (
        bool(quantities) and line.units is not None and sum(quantities) == line.units - paid
    )
    at_price = price.at(paid)
    fits_the_price = at_price is not None and at_price == outcome.amounts.allowed
    return paid if billed == line.units or states_the_cut or fits_the_price else None


def _across_codes(line: ClaimLine, remit_lines: list[RemitLine], drugs: DrugBook) -> Decimal | None:
    """Return the paid units of the billed code where the remit has another one (RULES 9.8)."""
    day = line.service_date
    own_mg, own_drug = drugs.unit_mg_of(line.hcpcs, day), drugs.drug_of(line.hcpcs, day)
    paid, milligrams = Decimal("0.000"), Fraction(0)
    for each in remit_lines:
        # Milligrams of another drug are no measure of this one.
        if own_drug is None or drugs.drug_of(each.hcpcs, day) != own_drug:
            return None
        mg = drugs.unit_mg_of(each.hcpcs, day)
        if not mg or not own_mg or line.units is None:
            return None
        paid += rounded(Fraction(each.paid_units) * Fraction(mg) / Fraction(own_mg), 3)
        milligrams += Fraction(each.paid_units) * Fraction(mg)
    originals = [each.original_units for each in remit_lines]
    states_the_billed = None not in originals and sum(originals) == line.units
    holds_the_billed = milligrams == Fraction(line.units) * Fraction(own_mg)
    return paid if states_the_billed or holds_the_billed else None
