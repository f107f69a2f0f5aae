"""The rate a term gives a line: its unit price, its percentage, its cap, or why there is none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from .claim_line import ClaimLine
from .drugs import DrugBook, Identity
from .limits import LimitBook
from .list_prices import ListPrice, ListPriceBook
from .money import decimal_of, quarter_of, rounded
from .opps import PAID_APART, OppsBook
from .rates import Rate, UnitPrice
from .reference import Reference, Row, is_in_force
from .terms import (
    OF_LIMIT,
    OF_LIST,
    charge_cap_of,
    decimals_of,
    lag_of,
    strongest_key,
)

# Types of bill under which a drug is paid apart; others are a stay, a bundle or cost (RULES 8.5).
PAID_BY_THE_DRUG = ("12", "13", "14", "22", "23", "34", "74", "75", "76")


class RateBook:
    """The prices of a site, as its terms use them."""

    def __init__(self, reference: Reference, drugs: DrugBook) -> None:
        self.limits = LimitBook(reference)
        self.list_prices = ListPriceBook(reference)
        self._opps = OppsBook(reference)
        self._drugs = drugs

    def why_not(self, line: ClaimLine, identity: Identity, lob: str, term: Row) -> str | None:
        """Return what of the line itself leaves it unpriced (RULES 8.8: milligrams to charge)."""
        listed = self._list_price(line.service_date, line, identity, term)
        of_milligrams = is_per_milligram(term) or (listed is not None and listed.per == "mg")
        if of_milligrams and not identity.unit_mg:
            return "milligrams per unit unknown"
        spans_two = self.spans_two_prices(line, identity, term, lag_of(term))
        if spans_two or self._spans_two_opps_quarters(line, identity, lob, term):
            return "service dates span two prices"
        is_of_charge = term["method"] == "pct_of_charge"
        caps_by_line = charge_cap_of(term, lob, line.facts.claim_type) == "line"
        if line.charge is None and (is_of_charge or caps_by_line):
            return "charge not stated"
        return None

    def rate(
        self,
        line: ClaimLine,
        identity: Identity,
        lob: str,
        term: Row,
        *,
        part: Decimal | None = None,
        lag: int | None = None,
        is_candidate: bool = False,
    ) -> Rate | str:
        """Return the rate of a term on a line's date, or why there is none (RULES 8.5, 8.6).

        Takes    part, what the cap of its claim leaves the line where it took something;
                 lag, days in place of the term's own; is_candidate, where the conditions of
                 asp_plus, of OPPS status and of the type of bill are not asked (RULES 16.7)
        """
        cap = charge_cap_of(term, lob, line.facts.claim_type)
        most = {"line": line.charge, "claim": part}.get(cap)
        if line.charge is None and (cap == "line" or term["method"] == "pct_of_charge"):
            return "charge not stated"
        if term["method"] == "pct_of_charge":
            return Rate(fraction_of(term), None, line.charge, None, most)
        late = lag_of(term) if lag is None else lag
        price = self._unit_price(line, identity, lob, term, late, is_candidate=is_candidate)
        if isinstance(price, str):
            return price
        if term["method"] == "asp_plus" and not is_candidate:
            why = self._why_no_asp(price.limit, line)
            if why:
                return f"ASP cannot be told from this limit ({why})"
        return Rate(fraction_of(term), price, line.charge, decimals_of(term), most)

    def by_limit(self, limit: Row, identity: Identity) -> UnitPrice | None:
        """Return a limit per billed unit, by milligrams for a house code (RULES 8.5)."""
        published = decimal_of(limit["payment_limit"], 6)
        amount = None if published is None else by_milligrams(published, identity)
        return None if amount is None else UnitPrice(amount, "limit", limit)

    def by_list(self, listed: ListPrice, line: ClaimLine, identity: Identity) -> UnitPrice | None:
        """Return a list price per billed unit (RULES 8.5)."""
        amount: Decimal | None = listed.amount
        if listed.per == "mg":
            amount = _times(listed.amount, identity.unit_mg)
        elif listed.unit_of is not None and listed.unit_of == identity.priced_code:
            amount = by_milligrams(listed.amount, identity)
        return None if amount is None else UnitPrice(amount, "list", list_price=listed)

    def _unit_price(
        self,
        line: ClaimLine,
        identity: Identity,
        lob: str,
        term: Row,
        lag: int,
        *,
        is_candidate: bool,
    ) -> UnitPrice | str:
        method = term["method"]
        if method == "fixed":
            rate = decimal_of(term["rate"], 6)
            if is_per_milligram(term):
                rate = _times(rate, identity.unit_mg)
            return UnitPrice(rate, "fixed") if rate is not None else "milligrams per unit unknown"
        if method in OF_LIST:
            listed = self._list_price(line.service_date, line, identity, term)
            price = self.by_list(listed, line, identity) if listed else None
            return price or f"no {OF_LIST[method].upper()} list price"
        quarter = quarter_of(line.service_date - timedelta(days=lag))
        limit = self.limits.limit(
            quarter, identity.priced_code, term.get("price_vintage"), line.first_answered_date
        )
        if method == "pct_of_limit" and is_of_medicare_hospital(line, lob):
            bill = line.place_of_service
            if bill and bill not in PAID_BY_THE_DRUG and not is_candidate:
                return f"type of bill {bill} is not paid by the drug"
            of_hospital = self._opps_price(line, identity, limit, is_candidate=is_candidate)
            if of_hospital is not None:
                return of_hospital
        price = self.by_limit(limit, identity) if limit else None
        return price or "no CMS payment limit"

    def _opps_price(
        self, line: ClaimLine, identity: Identity, limit: Row | None, *, is_candidate: bool
    ) -> UnitPrice | str | None:
        """Return the OPPS rate that stands for the limit, None where no row says (RULES 8.5).

        A candidate is not asked for a status under which the drug is paid: the limit stands.
        """
        row = self._opps.status(quarter_of(line.service_date), identity.priced_code)
        if row is None:
            return None
        status = (row.get("status_indicator") or "").upper()
        if is_candidate and status not in PAID_APART:
            return None
        if status == "N":
            return "packaged under OPPS (status N)"
        if status not in PAID_APART:
            return f"not paid under OPPS (status {status})"
        rate = decimal_of(row.get("payment_rate"), 6)
        amount = None if rate is None else by_milligrams(rate, identity)
        if amount is None:
            return "no CMS payment limit"
        return UnitPrice(amount, "opps", limit, opps=row)

    def _list_price(
        self, day: date | None, line: ClaimLine, identity: Identity, term: Row
    ) -> ListPrice | None:
        kind = OF_LIST.get(term["method"])
        if kind is None or day is None:
            return None
        drug_code = identity.priced_code if identity.basis == "house_code" else None
        # An NDC that contradicts the code prices nothing (RULES 8.5).
        ndc11 = None if identity.basis == "ndc_contradicts_code" else identity.ndc11
        return self.list_prices.on(kind, day, ndc11, line.hcpcs, drug_code)

    def spans_two_prices(self, line: ClaimLine, identity: Identity, term: Row, lag: int) -> bool:
        """Return whether the dates of a line reach over two prices (RULES 8.4)."""
        first, last = line.service_date, line.through_date
        if last is None or last <= first:
            return False
        if not is_in_force(term, last):
            return True
        if term["method"] in OF_LIMIT:
            late = timedelta(days=lag)
            return quarter_of(first - late) != quarter_of(last - late)
        prices = [self._list_price(day, line, identity, term) for day in (first, last)]
        return prices[0] is not prices[1]

    def _spans_two_opps_quarters(
        self, line: ClaimLine, identity: Identity, lob: str, term: Row
    ) -> bool:
        """Return whether an OPPS line reaches over two quarters of service (RULES 8.4)."""
        first, last = line.service_date, line.through_date
        if term["method"] != "pct_of_limit" or not is_of_medicare_hospital(line, lob):
            return False
        if last is None or last <= first or quarter_of(last) == quarter_of(first):
            return False
        return self._opps.status(quarter_of(first), identity.priced_code) is not None

    def _why_no_asp(self, limit: Row, line: ClaimLine) -> str | None:
        if self._drugs.is_biosimilar(limit["hcpcs"], line.service_date):
            return "a biosimilar"
        return self.limits.why_no_asp(limit)


def is_of_medicare_hospital(line: ClaimLine, lob: str) -> bool:
    """Return whether OPPS may price a line (RULES 8.5)."""
    return lob == "medicare_ffs" and line.facts.claim_type == "institutional"


def is_per_milligram(term: Row) -> bool:
    """Return whether a fixed rate is dollars per milligram (RULES 8.5)."""
    return term["method"] == "fixed" and strongest_key(term) == "drug"


def fraction_of(term: Row) -> Fraction:
    """Return the part of the unit price, or of the charge, a term pays (RULES 8.6)."""
    # Percentages are kept as fractions with six decimals (metrics 1).
    percent = Fraction(rounded(Fraction(decimal_of(term["rate"], 6)) / 100, 6))
    # Only asp_plus takes the rate as written (RULES 8.6).
    markup = Fraction(decimal_of(term["rate"], 6))
    return {
        "fixed": Fraction(1),
        "awp_minus": 1 - percent,
        "wac_plus": 1 + percent,
        "asp_plus": (100 + markup) / 106,
    }.get(term["method"], percent)


def _times(amount: Decimal, unit_mg: Decimal | None) -> Decimal | None:
    return rounded(Fraction(amount) * Fraction(unit_mg), 6) if unit_mg else None


def by_milligrams(amount: Decimal, identity: Identity) -> Decimal | None:
    """Return a price of the drug's CMS unit per billed unit, where a house code bills it."""
    if identity.basis != "house_code":
        return amount
    if not identity.unit_mg or not identity.priced_code_mg:
        return None
    ratio = Fraction(identity.unit_mg) / Fraction(identity.priced_code_mg)
    return rounded(Fraction(amount) * ratio, 6)
