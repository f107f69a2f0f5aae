"""Why a line was short or over: the ladder of causes, each a difference of one function E."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from .candidates import Candidates, is_close
from .claim_line import ClaimLine
from .drugs import DrugBook, Identity
from .implied_rates import implied_rates
from .judged import Judged
from .money import CENT, ZERO, quarter_of, rounded
from .prices import PriceBook
from .rates import Rate
from .reference import Row
from .terms import charge_cap_of

THREE_CLAIMS = 3


@dataclass(eq=False)
class Ladder:
    """A line on its way down: what is left of its gap, at which units, code and term."""

    judged: Judged
    line: ClaimLine
    identity: Identity
    term: Row
    rate: Rate
    units: Decimal | None
    rest: Decimal
    parts: list[dict] = field(default_factory=list)

    @property
    def allowed(self) -> Decimal:
        return self.judged.outcome.amounts.allowed

    @property
    def is_done(self) -> bool:
        return self.rest == 0

    def take(self, cause: str, amount: Decimal, explained_by: str | None = None) -> None:
        """Let a cause have its dollars; a part of 0.00 writes no row (RULES 16.1)."""
        if amount:
            part = {"cause": cause, "gap_usd": amount, "explained_by": explained_by}
            self.parts.append(part)
        self.rest -= amount

    def take_rest(self, cause: str, explained_by: str | None = None) -> None:
        self.take(cause, self.rest, explained_by)


class CauseBook:
    """Walks the lines with a gap down the ladder."""

    def __init__(self, drugs: DrugBook, prices: PriceBook) -> None:
        self._drugs = drugs
        self._prices = prices
        self._candidates = Candidates(prices)

    def rows(self, drug_lines: list[Judged]) -> list[dict]:
        """Return the causes of every line with a shortfall or an overpayment (RULES 16.1)."""
        ladders = [
            self._walked(each) for each in drug_lines if each.gap.shortfall or each.gap.overpaid
        ]
        for each in ladders:
            if not each.is_done and _is_whole_charge(each):
                each.take_rest("rate_difference", "the whole charge")
        _name_rates([each for each in ladders if not each.is_done])
        for each in ladders:
            each.take_rest("unexplained")
        names = ("claim_id", "line_number", "payer_id", "payer_rank")
        return [
            dict(zip(names, each.line.key, strict=True)) | part
            for each in ladders
            for part in each.parts
        ]

    def _walked(self, each: Judged) -> Ladder:
        """Return a line after the steps that look at nothing but itself (RULES 16.2 to 16.8)."""
        rest = each.gap.shortfall - each.gap.overpaid
        price, line = each.price, each.line
        found = Ladder(each, line, each.identity, price.term, price.rate, line.units, rest)
        if not price.is_at_rate:
            found.take_rest("unexplained", "paid although the policy pays no waste")
            return found
        _cut_units(found)
        self._recode(found)
        if abs(found.rest) <= CENT:
            found.take_rest("rounding")
            return found
        for cause, named in self._candidates.fitting(found):
            found.take_rest(cause, named)
            break
        return found

    def _recode(self, found: Ladder) -> None:
        """Take what the remit's code is worth less, or all where it has no term (RULES 16.4)."""
        deciding = found.judged.outcome.deciding
        remit_lines = deciding.remit_lines if deciding else []
        code = remit_lines[0].hcpcs if remit_lines else None
        if found.is_done or code in (None, found.line.hcpcs):
            return
        identity = self._drugs.identity_as(code, found.line)
        units = _units_of_code(found, identity)
        line = replace(found.line, hcpcs=code, units=units)
        lob, part = found.judged.price.line_of_business, found.judged.price.part
        price = self._prices.price_in(line, identity, lob, part)
        if not price.is_at_rate and _is_same_service(found, identity, units):
            return
        if not price.is_at_rate:
            found.take_rest("recoded", f"{code} has no term")
            return
        fall = found.allowed + found.rest - price.expected
        if abs(fall) > CENT:
            found.take("recoded", fall, code)
        found.line, found.identity, found.units = line, identity, units
        found.term, found.rate = price.term, price.rate


def _cut_units(found: Ladder) -> None:
    """Take what the units paid are worth less than those billed (RULES 16.3)."""
    paid = found.judged.paid_units
    if paid is None or paid == found.units:
        return
    denied = found.judged.gap.denied_expected
    fall = found.rate.at(found.units) - _at_paid_units(found, paid)
    left = max(ZERO, fall - denied) if denied > 0 else fall
    if abs(left) > CENT:
        found.take("units_reduced", left)
    if abs(left) > CENT or abs(fall) > CENT:
        found.units = paid


def _at_paid_units(found: Ladder, paid: Decimal) -> Decimal:
    """Return E at the units paid; of a charge their part of the billed ones (RULES 16.3)."""
    rate = found.rate
    if rate.price is not None or not found.units:
        return rate.at(paid)
    part = Fraction(paid) / Fraction(found.units)
    return replace(rate, fraction=rate.fraction * part).at(paid)


def _units_of_code(found: Ladder, identity: Identity) -> Decimal | None:
    """Return how many units of the remit's code were paid (RULES 16.4)."""
    stated = [each.paid_units for each in found.judged.outcome.deciding.remit_lines]
    if None not in stated:
        return sum(stated, Decimal("0.000"))
    own_mg, mg = found.identity.unit_mg, identity.unit_mg
    # Milligrams of another drug are no measure of this one's.
    is_of_one_drug = found.identity.drug is not None and identity.drug == found.identity.drug
    if is_of_one_drug and own_mg and mg and found.units is not None:
        return rounded(Fraction(found.units) * Fraction(own_mg) / Fraction(mg), 3)
    return found.units


def _is_same_service(found: Ladder, identity: Identity, units: Decimal | None) -> bool:
    """Return whether a code stands for the milligrams of the units so far (RULES 16.4)."""
    own = found.identity
    if None in (own.drug, units, found.units) or identity.drug != own.drug:
        return False
    if not own.unit_mg or not identity.unit_mg:
        return False
    milligrams = Fraction(found.units) * Fraction(own.unit_mg)
    return units == rounded(milligrams / Fraction(identity.unit_mg), 3)


def _is_whole_charge(found: Ladder) -> bool:
    """Return whether a lesser-of clause that is not on file allowed the charge (RULES 16.9)."""
    lob, facts = found.judged.price.line_of_business, found.line.facts
    charge, at_rate = found.line.charge, found.rate.uncapped(found.units)
    if charge is None or at_rate is None:
        return False
    if charge_cap_of(found.term, lob, facts.claim_type) == "line":
        return False
    return charge <= at_rate and is_close(charge, found.allowed)


def _name_rates(left: list[Ladder]) -> None:
    """Take the rest where three claims of a payer, code and quarter imply a rate (RULES 16.9)."""
    claims: dict[tuple, set[str]] = defaultdict(set)
    implied = {id(each): implied_rates(each.rate, each.units, each.allowed) for each in left}
    for each in left:
        for kind, value in implied[id(each)]:
            claims[_where(each), kind, value].add(each.line.claim.claim_id)
    for each in left:
        for kind, value in implied[id(each)]:
            if len(claims[_where(each), kind, value]) >= THREE_CLAIMS:
                each.take_rest("rate_difference", f"{kind} {value}")
                break


def _where(each: Ladder) -> tuple:
    line = each.line
    return line.facts.payer.payer_id, line.hcpcs, quarter_of(line.service_date)
