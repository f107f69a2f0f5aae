"""What each primary line should have been allowed under the payer's terms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from .claim_line import ClaimLine
from .drugs import DrugBook, Identity
from .lines_of_business import LineOfBusinessBook
from .money import ZERO
from .policies import PolicyBook
from .rates import Rate
from .rating import RateBook
from .reference import Reference, Row
from .term_choice import TermBook
from .terms import OF_LIMIT, WITHOUT_LINES, is_litigated, lag_of, strongest_key


@dataclass(frozen=True)
class Price:
    """The expected amount of a line, or why there is none."""

    state: str  # priced, not_priced, suppressed, not_covered
    basis: str
    line_of_business: str
    expected: Decimal | None = None
    term: Row | None = None
    policy: Row | None = None
    rate: Rate | None = None
    charge_limited: Decimal = ZERO
    unlagged: Rate | None = None  # its rate had the payer no lag, where that is known
    is_at_rate: bool = False
    part: Decimal | None = None  # what the cap of its claim leaves, where it took something

    @property
    def limit(self) -> Row | None:
        """Return the limit row of the line's quarter."""
        return self.rate.price.limit if self.rate and self.rate.price else None

    @property
    def opps(self) -> Row | None:
        """Return the row of opps_status the line is priced from, if it is (RULES 8.5)."""
        return self.rate.price.opps if self.rate and self.rate.price else None

    def lag_effect(self, units: Decimal | None) -> Decimal | None:
        """Return what the payer's late quarter costs, None where not known (RULES 8.9)."""
        term = self.term
        if not self.is_at_rate or term["method"] not in OF_LIMIT or not lag_of(term):
            return ZERO
        return self.unlagged.at(units) - self.expected if self.unlagged else None

    def at(self, units: Decimal) -> Decimal | None:
        """Return the price of so many units before any cap, None without a unit price."""
        return self.rate.uncapped(units) if self.rate and self.rate.price else None


class PriceBook:
    """The terms, limits and policies of a site."""

    def __init__(self, reference: Reference, drugs: DrugBook) -> None:
        self._lines_of_business = LineOfBusinessBook(reference)
        self.terms = TermBook(reference)
        self.policies = PolicyBook(reference)
        self.rates = RateBook(reference, drugs)

    def price(self, line: ClaimLine, identity: Identity) -> Price:
        """Return what a line should have been allowed, before a cap of its claim (RULES 8)."""
        lob, other_lob = self._lines_of_business.of(line)
        policy = self.policies.row(line, line.hcpcs, lob, identity.basis)
        if line.rank != "primary":
            return Price("not_priced", "not priced: not the primary payer", lob, policy=policy)
        if not line.facts.payer.is_known:
            return Price("not_priced", "not priced: payer not in payers.csv", lob, policy=policy)
        terms = self.terms.best(line, identity, lob)
        if other_lob and self.terms.best(line, identity, other_lob) != terms:
            return Price("not_priced", _unclear(line), lob, policy=policy)
        return self.price_in(line, identity, lob)

    def price_in(
        self, line: ClaimLine, identity: Identity, lob: str, part: Decimal | None = None
    ) -> Price:
        """Return the price of a primary line of a line of business (RULES 8.2 to 8.8).

        Takes    part, what the cap of its claim leaves the line where it took something
        """
        policy = self.policies.row(line, line.hcpcs, lob, identity.basis)
        terms = self.terms.best(line, identity, lob)
        blocking = self.terms.blocking_row(line, identity, lob, terms)
        is_unpaid_waste = line.is_waste and _says(policy, "pays_waste", "no")
        if blocking is not None and is_unpaid_waste and not _is_without_price(policy, terms):
            return Price("priced", "priced:", lob, ZERO, policy=policy)
        if blocking is not None:
            why = f"not priced: row {blocking} of contract_terms.csv could not be used"
            return Price("not_priced", why, lob, policy=policy)
        term = terms[0] if len(terms) == 1 else None
        if term and term["method"] in WITHOUT_LINES:
            return Price("suppressed", "suppressed:", lob, term=term, policy=policy)
        if _says(policy, "covered", "no") or (term and term["method"] == "not_covered"):
            return Price("not_covered", "not covered:", lob, ZERO, term=term, policy=policy)
        if not terms:
            price = Price("not_priced", "not priced: no term", lob, policy=policy)
        elif term is None:
            price = Price("not_priced", "not priced: two terms (", lob, policy=policy)
        else:
            price = self._at_term(line, identity, lob, term, policy, part)
        if line.is_waste and _says(policy, "pays_waste", "no"):
            # The payer pays no waste: the JW line is worth nothing by its policy (RULES 8.6).
            return replace(
                price,
                state="priced",
                basis="priced:",
                expected=ZERO,
                charge_limited=ZERO,
                is_at_rate=False,
            )
        return price

    def _at_term(
        self,
        line: ClaimLine,
        identity: Identity,
        lob: str,
        term: Row,
        policy: Row | None,
        part: Decimal | None,
    ) -> Price:
        """Return the price of a line under its term (RULES 8.4 to 8.9)."""

        def not_priced(why: str) -> Price:
            return Price("not_priced", f"not priced: {why}", lob, term=term, policy=policy)

        elsewhere = self.terms.code_named_elsewhere(line, identity)
        if elsewhere and strongest_key(term) == "*":
            return not_priced(f"code replaced, term names {elsewhere}")
        if is_litigated(line, lob):
            return not_priced("JG line")
        why_not = self.rates.why_not(line, identity, lob, term)
        if why_not:
            return not_priced(why_not)
        rate = self.rates.rate(line, identity, lob, term, part=part)
        if isinstance(rate, str):
            return not_priced(rate)
        expected = rate.at(line.units)
        if expected is None:
            return not_priced("units not stated")
        unlagged = self.rates.rate(line, identity, lob, term, part=part, lag=0)
        if isinstance(unlagged, str) or self.rates.spans_two_prices(line, identity, term, 0):
            unlagged = None
        return Price(
            "priced",
            "priced:",
            lob,
            expected,
            term,
            policy,
            rate,
            charge_limited=rate.uncapped(line.units) - expected,
            unlagged=unlagged,
            is_at_rate=True,
            part=part,
        )


def _is_without_price(policy: Row | None, terms: list[Row]) -> bool:
    """Return whether a line is suppressed or not covered, whatever its rate (RULES 8.2)."""
    of_term = terms[0]["method"] if len(terms) == 1 else None
    return _says(policy, "covered", "no") or of_term in (*WITHOUT_LINES, "not_covered")


def _says(policy: Row | None, column: str, word: str) -> bool:
    return policy is not None and policy.get(column) == word


def _unclear(line: ClaimLine) -> str:
    clp06 = line.spoken[0].event.remit_claim.filing_code
    return f"not priced: line of business unclear (CLP06 {clp06}, SBR09 {line.facts.filing_code})"
