"""What a line is worth by the made-up contracts: which term holds, and its dollars."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from analytics.synthetic.contract_terms import Term, terms
from analytics.synthetic.drugs import cents, limit_per_unit, quarter_of
from analytics.synthetic.payers import Plan
from analytics.synthetic.x12_records import ClaimLine

AS_OF = date(2026, 3, 31)


def term_for(plan: Plan, line: ClaimLine, *, known_on: date = AS_OF, back: int = 0) -> Term | None:
    """The term version in force on a line's service date, as known on a day.

    The most specific of line of business, claim type and code wins; `back` counts earlier versions.
    """
    fitting = [
        term
        for term in terms()
        if term.payer_id == plan.payer_id
        and term.hcpcs in (line.hcpcs, "*")
        and term.line_of_business in (plan.line_of_business, "*")
        and term.claim_type in (plan.claim_type, "*")
        and term.recorded_on <= known_on
        and term.effective_from <= line.service_date <= (term.effective_through or date.max)
    ]
    if not fitting:
        return None
    best = min(fitting, key=_generality)
    versions = sorted(
        (term for term in fitting if term.term_id == best.term_id),
        key=lambda term: term.recorded_on,
        reverse=True,
    )
    return versions[min(back, len(versions) - 1)]


def expected_usd(
    term: Term | None,
    line: ClaimLine,
    *,
    units: Decimal | None = None,
    quarter: str = "",
    is_capped: bool = True,
) -> Decimal | None:
    """What a term allows on a line, rounded once; null without a price.

    `units` and `quarter` replace the line's own to say what another count or price list gives.
    """
    billed = Decimal(line.units) if units is None else units
    charge = Decimal(line.charge_usd)
    if term is None or term.method == "capitated":
        return None
    if term.method == "not_covered":
        return Decimal("0.00")
    assert term.rate is not None
    if term.method == "fixed":
        amount = billed * term.rate
    elif term.method == "pct_of_limit":
        price = limit_per_unit(line.hcpcs, quarter or quarter_of(line.service_date))
        amount = billed * price * term.rate / 100
    else:
        amount = charge * term.rate / 100
    amount = cents(amount)
    return min(amount, charge) if term.charge_cap == "line" and is_capped else amount


def _generality(term: Term) -> tuple[bool, bool, bool]:
    return (term.claim_type == "*", term.line_of_business == "*", term.hcpcs == "*")
