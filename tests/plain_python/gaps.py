"""What each drug line was short, over or denied against its expected amount."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from .claim_line import ClaimLine
from .drugs import Identity
from .money import CENT, ZERO, decimal_of, rounded
from .outcomes import Outcome
from .prices import Price
from .reference import Reference, Row

SEQUESTRATION_FROM = (
    (date(2022, 7, 1), "2"),
    (date(2022, 4, 1), "1"),
    (date(2020, 5, 1), "0"),
    (date(2013, 4, 1), "2"),
)
PAID_WITH_ANOTHER = ("zero_no_reason", "bundled")


@dataclass(eq=False)
class Judged:
    """A claim line with its drug, its price, its outcome and its first outcome."""

    line: ClaimLine
    is_drug: bool
    identity: Identity
    price: Price
    outcome: Outcome
    initial: Outcome | None
    paid_units: Decimal | None = None
    gap: Gap | None = None


@dataclass
class Gap:
    """The dollars between expected and allowed on one drug line."""

    basis: str
    gap: Decimal | None = None
    match_basis: str | None = None
    penny: Decimal = ZERO
    pair_offset: Decimal = ZERO
    shortfall: Decimal = ZERO
    overpaid: Decimal = ZERO
    denied_expected: Decimal | None = ZERO
    patient_owed: Decimal = ZERO
    payer_owed: Decimal = ZERO
    unsupported_cut: Decimal = ZERO
    past_window: Decimal = ZERO
    ask: Decimal = ZERO
    recovered: Decimal = ZERO


def judge_gaps(judged: list[Judged], reference: Reference) -> None:
    """Give each drug line its gap (RULES 9)."""
    whole = _paid_as_a_claim(judged)
    drug_lines = [each for each in judged if each.is_drug]
    paired = _paid_as_one([each for each in drug_lines if id(each) not in whole])
    together = dict.fromkeys(map(id, paired), "pair")
    together |= dict.fromkeys((line for line, matches in whole.items() if matches), "claim")
    for each in drug_lines:
        each.gap = _opened(each, is_undivided=whole.get(id(each)) is False)
    gap_lines = [each for each in drug_lines if each.gap.gap is not None]
    for each in gap_lines:
        _split(each, together.get(id(each)))
        _name_who_owes(each, reference)


def paid_units(line: ClaimLine, outcome: Outcome, price: Price) -> Decimal | None:
    """Return the units the remit proves it paid, None where not stated (RULES 9.8)."""
    remit_lines = outcome.deciding.remit_lines if outcome.deciding else []
    if not remit_lines or any(each.hcpcs != line.hcpcs for each in remit_lines):
        return None
    if any(each.paid_units is None for each in remit_lines):
        return None
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
    fits_the_price = price.at(paid) is not None and price.at(paid) == outcome.amounts.allowed
    return paid if billed == line.units or states_the_cut or fits_the_price else None


def _opened(each: Judged, *, is_undivided: bool) -> Gap:
    """Return the gap of a line, or why there is none (RULES 9.1, 9.2)."""
    expected, name = each.price.expected, each.outcome.name
    is_compared = _is_priced_primary(each) and name in ("paid", "partly_denied")
    if is_compared and not _is_balanced(each.line):
        return Gap("not compared: remit line does not balance")
    if is_compared and is_undivided:
        return Gap("not compared: paid as a whole claim")
    if is_compared:
        return Gap("compared", gap=_difference(each))
    if name in ("denied", "zero_no_reason"):
        return Gap("not compared:", denied_expected=expected)
    return Gap("not compared:")


def _difference(each: Judged) -> Decimal:
    """Return expected less allowed of a priced line."""
    return each.price.expected - each.outcome.amounts.allowed


def _is_priced_primary(each: Judged) -> bool:
    return each.line.rank == "primary" and each.price.expected is not None


def _is_balanced(line: ClaimLine) -> bool:
    """Return whether no remit line of it contradicts itself (RULES 5.5)."""
    return not any(hit.contradicts_itself for hit in line.spoken)


def _paid_as_a_claim(judged: list[Judged]) -> dict[int, bool]:
    """Return, per line answered without SVC, whether its claim matches whole (RULES 9.2).

    Lines that are alone so, or are all pennies, are left out: they compare line by line.
    """
    claims: dict[tuple, list[Judged]] = defaultdict(list)
    for each in judged:
        line = each.line
        if line.rank == "primary" and line.match_method == "claim_level":
            claims[line.claim.claim_id, line.facts.payer.payer_id].append(each)
    return {
        id(each): _match_as_a_claim(lines)
        for lines in claims.values()
        if len(lines) > 1 and not all(_is_penny(each) for each in lines)
        for each in lines
    }


def _match_as_a_claim(lines: list[Judged]) -> bool:
    """Return whether lines, drug or not, are all priced, paid and even together (RULES 9.2)."""
    are_paid = all(
        _is_priced_primary(each) and _is_balanced(each.line) and each.outcome.name == "paid"
        for each in lines
    )
    return are_paid and abs(sum(map(_difference, lines))) <= CENT * len(lines)


def _is_penny(each: Judged) -> bool:
    return each.price.expected is not None and abs(_difference(each)) <= CENT


def _paid_as_one(drug_lines: list[Judged]) -> list[Judged]:
    """Return the lines that match together with others of their drug, now paid (RULES 9.2)."""
    together: dict[tuple, list[Judged]] = defaultdict(list)
    for each in drug_lines:
        line, drug = each.line, each.identity.drug
        is_candidate = each.outcome.name in ("paid", *PAID_WITH_ANOTHER)
        if is_candidate and drug and _is_priced_primary(each) and _is_balanced(line):
            payer_id = line.facts.payer.payer_id
            together[line.claim.claim_id, payer_id, line.service_date, drug].append(each)
    paired = [each for lines in together.values() if _match_as_one(lines) for each in lines]
    for each in paired:
        each.outcome = replace(each.outcome, name="paid")
        if each.initial and each.initial.name in PAID_WITH_ANOTHER:
            each.initial = replace(each.initial, name="paid")
    return paired


def _match_as_one(lines: list[Judged]) -> bool:
    """Return whether the lines make up for one another to a cent a line (RULES 9.2)."""
    return (
        len(lines) > 1
        and any(each.outcome.name == "paid" for each in lines)
        and not all(_is_penny(each) for each in lines)
        and abs(sum(map(_difference, lines))) <= CENT * len(lines)
    )


def _split(each: Judged, matched_with: str | None) -> None:
    """Put the gap where it belongs: pair, claim, penny, denied, short or over (RULES 9.2)."""
    found = each.gap
    if matched_with:
        found.pair_offset, found.match_basis = found.gap, matched_with
    elif abs(found.gap) <= CENT:
        found.penny, found.match_basis = found.gap, "line"
    elif found.gap < 0:
        found.overpaid = -found.gap
    else:
        if each.outcome.name == "partly_denied":
            found.denied_expected = _denied_part(each)
        found.shortfall = found.gap - found.denied_expected


def _denied_part(each: Judged) -> Decimal:
    """Return the part of a partly denied line's gap its denial explains (RULES 9.3)."""
    line, price = each.line, each.price
    denying = [reason for reason in each.outcome.reasons if reason.counts == "yes"]
    amount = sum((reason.amount for reason in denying), ZERO)
    if price.term and price.term["method"] == "pct_of_charge":
        at_price = rounded(Fraction(amount) * Fraction(price.fraction), 2)
        return min(each.gap.gap, at_price)
    quantities = [reason.adjustment.quantity for reason in denying]
    if all(quantity is not None for quantity in quantities):
        quantity = sum(quantities)
    elif line.charge and line.units is not None:
        quantity = rounded(Fraction(line.units) * Fraction(amount) / Fraction(line.charge), 3)
    else:
        quantity = Decimal(0)
    at_price = price.at(quantity)
    return min(each.gap.gap, at_price) if at_price is not None else ZERO


def _name_who_owes(each: Judged, reference: Reference) -> None:
    """Give the gap its owner, its window and what was recovered (RULES 9.4 to 9.7)."""
    found, amounts = each.gap, each.outcome.amounts
    found.patient_owed = patient_owed(each)
    found.payer_owed = found.shortfall - found.patient_owed
    found.unsupported_cut = _unsupported_cut(each)
    open_dollars = found.payer_owed + found.unsupported_cut
    if _is_past_window(each.line, reference):
        found.past_window = open_dollars
    found.ask = open_dollars - found.past_window
    if each.initial is not None and each.initial.name != "open":
        expected = each.price.expected
        at_first = min(each.initial.amounts.allowed, expected)
        found.recovered = max(ZERO, min(amounts.allowed, expected) - at_first)


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
        return ZERO
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
    amounts, term = each.outcome.amounts, each.price.term
    granted = ZERO
    if term and term.get("sequestration") == "yes":
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


def _is_past_window(line: ClaimLine, reference: Reference) -> bool:
    """Return whether the look-back of the payer is over at as-of (RULES 9.6)."""
    payer: Row = reference.payers.get(line.facts.payer.payer_id, {})
    days = payer.get("look_back_days")
    if not days or line.last_paid_date is None:
        return False
    return line.last_paid_date + timedelta(days=int(days)) < reference.as_of
