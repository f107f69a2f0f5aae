"""What each primary line should have been allowed under the payer's terms."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .claim_line import ClaimLine
from .drugs import Identity
from .filing_codes import line_of
from .limits import LimitBook, limit_per_billed_unit
from .money import ZERO, decimal_of, iso_date, money_shape, rounded
from .reference import Reference, Row, is_in_force
from .terms import (
    KEYS,
    caps_by_line,
    is_litigated,
    is_not_yet_priced,
    keys_of,
    recorded_on,
    spans_two_prices,
    strongest_key,
    version_of,
)

ONE = Decimal(1)
PER_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Price:
    """The expected amount of a line, or why there is none."""

    state: str  # priced, not_priced, suppressed, not_covered
    basis: str
    line_of_business: str
    expected: Decimal | None = None
    term: Row | None = None
    policy: Row | None = None
    unit_price: Decimal | None = None
    fraction: Decimal | None = None
    limit: Row | None = None
    charge_limited: Decimal = ZERO

    def at(self, units: Decimal) -> Decimal | None:
        """Return the price of so many units, None where there is no unit price."""
        if self.unit_price is None or self.fraction is None:
            return None
        return money_shape(units, self.unit_price, self.fraction)


class PriceBook:
    """The terms, limits and policies of a site."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._terms: dict[str, list[Row]] = defaultdict(list)
        for row in reference.rows["contract_terms"]:
            self._terms[row["payer_id"]].append(row)
        self._limits = LimitBook(reference)

    def price(self, line: ClaimLine, identity: Identity) -> Price:
        """Return what a line should have been allowed (RULES 8)."""
        lob, other_lob = self.line_of_business(line)
        policy = self.policy(line, line.hcpcs, lob)
        if line.rank != "primary":
            return Price("not_priced", "not priced: not the primary payer", lob, policy=policy)
        if not line.facts.payer.is_known:
            return Price("not_priced", "not priced: payer not in payers.csv", lob, policy=policy)
        terms = self._best_terms(line, identity, lob)
        if other_lob and self._best_terms(line, identity, other_lob) != terms:
            return Price("not_priced", _unclear(line), lob, policy=policy)
        term = terms[0] if len(terms) == 1 else None
        if term and term["method"] in ("capitated", "case_rate"):
            return Price("suppressed", "suppressed:", lob, term=term, policy=policy)
        if _says(policy, "covered", "no") or (term and term["method"] == "not_covered"):
            return Price("not_covered", "not covered:", lob, ZERO, term=term, policy=policy)
        if not terms:
            price = Price("not_priced", "not priced: no term", lob, policy=policy)
        elif term is None:
            price = Price("not_priced", "not priced: two terms (", lob, policy=policy)
        else:
            price = self._at_term(line, identity, lob, term, policy)
        if line.is_waste and _says(policy, "pays_waste", "no"):
            # The payer pays no waste: the JW line is worth nothing by its policy (RULES 8.6).
            return replace(
                price, state="priced", basis="priced:", expected=ZERO, charge_limited=ZERO
            )
        return price

    def line_of_business(self, line: ClaimLine) -> tuple[str, str | None]:
        """Return a line's line of business, and a second one its codes may mean (RULES 8.1)."""
        payer_id = line.facts.payer.payer_id
        payer = self._reference.payers.get(payer_id, {})
        own = payer.get("line_of_business") or None
        clp06 = line.spoken[0].event.remit_claim.filing_code if line.spoken else None
        sbr09 = line.facts.filing_code
        stated = self._payer_line(line, {clp06, sbr09} - {None})
        by_clp06, by_sbr09 = line_of(clp06, own), line_of(sbr09, own)
        disagree = bool(by_clp06 and by_sbr09 and by_clp06 != by_sbr09)
        chosen = stated or by_clp06 or by_sbr09 or own or "other"
        return chosen, by_sbr09 if disagree and not stated else None

    def _payer_line(self, line: ClaimLine, filing_codes: set[str]) -> str | None:
        """Return what payer_lines says: group before filing code before neither (RULES 8.1)."""
        ranked: dict[tuple[bool, bool], set[str]] = defaultdict(set)
        for row in self._reference.rows["payer_lines"]:
            code, group = (row.get("filing_code") or "*").upper(), row.get("group_number") or "*"
            if (
                row["payer_id"] == line.facts.payer.payer_id
                and (code == "*" or code in filing_codes)
                and group in ("*", line.facts.group_number)
            ):
                ranked[group != "*", code != "*"].add(row["line_of_business"])
        best = ranked[max(ranked)] if ranked else set()
        return next(iter(best)) if len(best) == 1 else None

    def policy(self, line: ClaimLine, hcpcs: str | None, lob: str) -> Row | None:
        """Return the policy row of a line, the most exact first (RULES 10.6)."""
        asked = {
            "payer_id": line.facts.payer.payer_id,
            "line_of_business": lob,
            "claim_type": line.facts.claim_type,
            "payer_rank": line.rank,
            "hcpcs": hcpcs,
        }
        rows = [
            row
            for row in self._reference.rows["payer_policies"]
            if is_in_force(row, line.service_date)
            and all(row[column] in ("*", sought) for column, sought in asked.items())
        ]
        return min(
            rows,
            key=lambda row: (
                *(row[column] == "*" for column in asked),
                row["row_source"] != "site",
                -(iso_date(row.get("effective_from")) or date.min).toordinal(),
            ),
            default=None,
        )

    def _best_terms(self, line: ClaimLine, identity: Identity, lob: str) -> list[Row]:
        """Return the term rows left equal first (RULES 8.2)."""
        fitting = [
            row
            for row in self._terms.get(line.facts.payer.payer_id, [])
            if self._applies(row, line, identity, lob)
        ]
        latest: dict[tuple, date] = {}
        for row in fitting:
            version = version_of(row)
            latest[version] = max(latest.get(version, date.min), recorded_on(row))
        fitting = [row for row in fitting if recorded_on(row) == latest[version_of(row)]]

        def rank(row: Row) -> tuple:
            return (
                row["billing_id"] == "*",
                row["claim_type"] == "*",
                row["line_of_business"] == "*",
                KEYS.index(strongest_key(row)),
            )

        best = min(map(rank, fitting), default=None)
        return [row for row in fitting if rank(row) == best]

    def _applies(self, row: Row, line: ClaimLine, identity: Identity, lob: str) -> bool:
        facts = line.facts
        keys = keys_of(row)
        fits = (
            row["billing_id"] in {"*", facts.npi, facts.tax_id}
            and row["claim_type"] in {"*", facts.claim_type}
            and row["line_of_business"] in {"*", lob}
            and is_in_force(row, line.service_date)
            and recorded_on(row) <= self._reference.as_of
            and keys.get("ndc11") in {None, identity.ndc11}
            and keys.get("hcpcs") in {None, line.hcpcs}
            and keys.get("drug") in {None, identity.drug}
        )
        if identity.basis == "ndc_contradicts_code":
            return fits and "hcpcs" in keys
        return fits

    def _at_term(
        self, line: ClaimLine, identity: Identity, lob: str, term: Row, policy: Row | None
    ) -> Price:
        """Return the price of a line under its term (RULES 8.4 to 8.7)."""

        def not_priced(why: str) -> Price:
            return Price("not_priced", f"not priced:{why}", lob, term=term, policy=policy)

        method, rate = term["method"], decimal_of(term["rate"], 6)
        elsewhere = self._code_named_elsewhere(line, identity)
        if elsewhere and strongest_key(term) == "*":
            return not_priced(f" code replaced, term names {elsewhere}")
        if is_litigated(line, lob):
            return not_priced(" JG line")
        if is_not_yet_priced(term) or rate is None:
            return not_priced("")
        if spans_two_prices(line, term):
            return not_priced(" service dates span two prices")
        is_capped = caps_by_line(term, lob, line.facts.claim_type)
        percent = rounded(Fraction(rate) * Fraction(PER_CENT), 6)
        if line.charge is None and (method == "pct_of_charge" or is_capped):
            return not_priced(" charge not stated")
        if method == "pct_of_charge":
            return _capped(
                line,
                money_shape(line.charge, ONE, percent),
                Price("priced", "priced:", lob, None, term, policy, None, percent),
            )
        limit = None
        unit_price, fraction = rate, ONE
        if method == "pct_of_limit":
            limit = self._limits.limit(line, identity, term)
            per_unit = limit_per_billed_unit(limit, line, identity)
            if per_unit is None:
                return not_priced(" no CMS payment limit")
            unit_price, fraction = per_unit, percent
        if line.units is None:
            return not_priced(" units not stated")
        return _capped(
            line,
            money_shape(line.units, unit_price, fraction),
            Price("priced", "priced:", lob, None, term, policy, unit_price, fraction, limit),
        )

    def _code_named_elsewhere(self, line: ClaimLine, identity: Identity) -> str | None:
        """Return the code of the line's drug a term is keyed by, so `*` is not (RULES 8.2)."""
        codes = {line.hcpcs, identity.drug_code} - {None}
        replaced = {
            row["old_hcpcs"]
            for row in self._reference.rows["code_successors"]
            if row["new_hcpcs"] in codes
            and (iso_date(row.get("effective_from")) or date.min) <= line.service_date
        }
        named = {
            keys_of(row).get("hcpcs")
            for row in self._terms[line.facts.payer.payer_id]
            if is_in_force(row, line.service_date) and recorded_on(row) <= self._reference.as_of
        }
        return min(named & (replaced | codes - {line.hcpcs}), default=None)


def _says(policy: Row | None, column: str, word: str) -> bool:
    return policy is not None and policy.get(column) == word


def _unclear(line: ClaimLine) -> str:
    clp06 = line.spoken[0].event.remit_claim.filing_code
    return f"not priced: line of business unclear (CLP06 {clp06}, SBR09 {line.facts.filing_code})"


def _capped(line: ClaimLine, amount: Decimal, price: Price) -> Price:
    """Return the price with the lesser of charge and rate, where the term says so (RULES 8.6)."""
    is_capped = caps_by_line(price.term, price.line_of_business, line.facts.claim_type)
    expected = min(amount, line.charge) if is_capped else amount
    return Price(**{**price.__dict__, "expected": expected, "charge_limited": amount - expected})
