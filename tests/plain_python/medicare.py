"""Medicare's own patient share, and the cheque it should have been (RULES 9.4, 17)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from .claim_line import ClaimLine
from .judged import Judged
from .money import CENT, ZERO, decimal_of, rounded
from .rating import by_milligrams

MEDICARE = "medicare_ffs"
# The first of them that is stated is the hospital patient's (RULES 17.1).
COPAYMENTS = ("adjusted_copayment", "minimum_copayment", "national_copayment")
TOGETHER = ("pair", "claim")
SEQUESTRATION_FROM = (
    (date(2022, 7, 1), "2"),
    (date(2022, 4, 1), "1"),
    (date(2020, 5, 1), "0"),
    (date(2013, 4, 1), "2"),
)


def medicare_payment_rows(drug_lines: list[Judged]) -> list[dict]:
    """Return a row of medicare_payments for each gap line of Medicare (RULES 17.1)."""
    return [
        _row(each)
        for each in drug_lines
        if each.gap.gap is not None and each.price.line_of_business == MEDICARE
    ]


def is_priced_by_opps(each: Judged) -> bool:
    """Return whether the rate of opps_status stands for the limit (RULES 8.5)."""
    return each.price.opps is not None


def expected_copayment(each: Judged) -> Decimal | None:
    """Return the hospital patient's part at the line's units, None where it is not known."""
    opps, units = each.price.opps or {}, each.line.units
    named = (decimal_of(opps.get(name), 6) for name in COPAYMENTS)
    stated = [amount for amount in named if amount is not None]
    # Of a house code it is one of the OPPS unit, as its price is (RULES 8.5).
    of_one = by_milligrams(stated[0], each.identity) if stated else None
    if of_one is None or units is None:
        return None
    return min(rounded(Fraction(units) * Fraction(of_one), 2), _after_deductible(each))


def percent_of_limit_row(each: Judged) -> Decimal | None:
    """Return the coinsurance percentage of the quarter of a Medicare line, where it is known."""
    limit = each.price.limit
    if limit is None or each.price.line_of_business != MEDICARE:
        return None
    return decimal_of(limit.get("coinsurance_pct"), 6)


def sequestration_percent(line: ClaimLine) -> Decimal:
    """Return the law's percentage on a line's date (RULES 9.5)."""
    is_institutional = line.facts.claim_type == "institutional"
    day = line.through_date if is_institutional else line.service_date
    for starts, percent in SEQUESTRATION_FROM:
        if (day or line.service_date) >= starts:
            return Decimal(percent)
    return Decimal(0)


def _after_deductible(each: Judged) -> Decimal:
    """Return the expected amount less deductible and copay as answered, at least 0."""
    amounts = each.outcome.amounts
    return max(ZERO, each.price.expected - amounts.deductible - amounts.copay)


def _expected_coinsurance(each: Judged) -> Decimal | None:
    if is_priced_by_opps(each):
        return expected_copayment(each)
    percent = percent_of_limit_row(each)
    if percent is None:
        return None
    return rounded(Fraction(_after_deductible(each)) * Fraction(percent) / 100, 2)


def _row(each: Judged) -> dict:
    line, amounts, gap = each.line, each.outcome.amounts, each.gap
    names = ("claim_id", "line_number", "payer_id", "payer_rank")
    return {
        **dict(zip(names, line.key, strict=True)),
        "claim_type": line.facts.claim_type,
        "service_date": line.service_date,
        "hcpcs": line.hcpcs,
        "units": line.units,
        "allowed_usd": amounts.allowed,
        "expected_allowed_usd": each.price.expected,
        "shortfall_usd": gap.shortfall,
        "overpaid_usd": gap.overpaid,
        "deductible_usd": amounts.deductible,
        "copay_usd": amounts.copay,
        "coinsurance_usd": amounts.coinsurance,
        "sequestration_usd": amounts.sequestration,
        "paid_usd": amounts.paid,
        "interest_usd": amounts.interest,
        **_cheque(each),
    }


def _cheque(each: Judged) -> dict:
    """Return patient share, cut and cheque as expected, and whether the cheque was that."""
    names = ("coinsurance", "patient", "sequestration", "paid")
    is_unlike = each.gap.match_basis in TOGETHER or each.outcome.name == "partly_denied"
    coinsurance = None if is_unlike else _expected_coinsurance(each)
    if coinsurance is None:
        nothing = {f"expected_{name}_usd": None for name in names}
        return nothing | {"difference_usd": None, "payment_check": "not_checked"}
    amounts = each.outcome.amounts
    patient = amounts.deductible + amounts.copay + coinsurance
    before_the_cut = each.price.expected - patient
    percent = sequestration_percent(each.line)
    cut = rounded(Fraction(percent) * Fraction(before_the_cut) / 100, 2)
    difference = before_the_cut - cut - amounts.paid
    told = (coinsurance, patient, cut, before_the_cut - cut)
    return dict(zip([f"expected_{name}_usd" for name in names], told, strict=True)) | {
        "difference_usd": difference,
        "payment_check": "agrees" if abs(difference) <= CENT else "differs",
    }
