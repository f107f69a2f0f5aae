"""Lines whose code may mean another drug, or other units, than CMS says (RULES 19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .drugs import DrugBook
from .judged import Judged
from .money import rounded
from .prices import PriceBook
from .rates import Rate
from .rating import is_per_milligram
from .visits import Visit, visits_of
from .waste import WasteBook

NEIGHBOURS = ("J1323", "J1325", "J9176", "J9178")
MEANT = "J9177"
Days = dict[date, Fraction]


class CodeIdentityBook:
    """Finds the lines to doubt by code and units, each beside the patient's other lines."""

    def __init__(self, drugs: DrugBook, prices: PriceBook, waste: WasteBook) -> None:
        self._drugs = drugs
        self._prices = prices
        self._waste = waste

    def rows(self, drug_lines: list[Judged]) -> list[dict]:
        """Return a row of code_identity for each line with a finding (RULES 19.1)."""
        drugs_of: dict[str, set[str]] = defaultdict(set)
        for each in drug_lines:
            patient, drug = each.line.facts.patient_key, each.identity.drug
            if patient and drug:
                drugs_of[patient].add(drug)
        four_times_off = set(map(id, self._four_times_off(visits_of(drug_lines))))
        found = (
            (each, self._finding(each, drugs_of, is_off=id(each) in four_times_off))
            for each in drug_lines
        )
        return [self._row(each, finding) for each, finding in found if finding]

    def _finding(self, each: Judged, drugs_of: dict[str, set[str]], *, is_off: bool) -> str | None:
        """Return the first finding that applies."""
        if each.line.hcpcs in NEIGHBOURS and self._is_meant_for_another(each, drugs_of):
            return "wrong_neighbour"
        basis = each.identity.basis
        if basis == "ndc_contradicts_code":
            return basis
        if is_off:
            return "units_by_four"
        return basis if basis == "house_code" else None

    def _is_meant_for_another(self, each: Judged, drugs_of: dict[str, set[str]]) -> bool:
        day = each.line.service_date
        drug = (self._drugs.cms_row(MEANT, day) or {}).get("drug")
        patient = each.line.facts.patient_key or ""
        of_ndc = self._drugs.drugs_of_ndc(each.identity.ndc11, day)
        return bool(drug) and (drug in of_ndc or drug in drugs_of.get(patient, ()))

    def _four_times_off(self, visits: list[Visit]) -> Iterator[Judged]:
        """Yield the administered lines of treatments four times or a quarter of another dose."""
        doses: dict[tuple[str, str], Days] = defaultdict(lambda: defaultdict(Fraction))
        for visit in visits:
            if visit.patient_key and visit.administered:
                days = doses[visit.patient_key, visit.drug]
                days[visit.service_date] += _milligrams(visit.administered)
        for visit in visits:
            days = doses.get((visit.patient_key or "", visit.drug), {})
            if _is_unlike_the_nearest(days, visit.service_date) or self._is_unlike_vials(visit):
                yield from visit.administered

    def _is_unlike_vials(self, visit: Visit) -> bool:
        """Return whether a treatment bills four times or a quarter of what its vials hold."""
        named = [self._waste.vials_mg(each) for each in visit.administered]
        if not named or None in named:
            return False
        vials, given = sum(named), _milligrams(visit.administered)
        return any(_is_by_four(mg, vials) for mg in (given, _milligrams(visit.lines)))

    def _row(self, each: Judged, finding: str) -> dict:
        identity, line = each.identity, each.line
        cms = self._drugs.cms_code_of(identity.drug, line.service_date)
        cms_units = None
        if cms and identity.unit_mg and line.units is not None and Decimal(cms["unit_mg"] or 0):
            cms_units = rounded(_milligrams_of(each) / Fraction(cms["unit_mg"]), 3)
        names = ("claim_id", "line_number", "payer_id", "payer_rank")
        return {
            **dict(zip(names, line.key, strict=True)),
            "hcpcs": line.hcpcs,
            "units": line.units,
            "identity_basis": identity.basis,
            "finding": finding,
            "cms_hcpcs": cms["hcpcs"] if cms else None,
            "cms_units": cms_units,
            "allowed_usd": each.outcome.amounts.allowed,
            "expected_allowed_usd": each.price.expected,
            "expected_if_cms_units_usd": self._if_cms_units(each),
        }

    def _if_cms_units(self, each: Judged) -> Decimal | None:
        """Return E had the billed units been the CMS code's (RULES 19.2)."""
        price, identity = each.price, each.identity
        if identity.basis != "house_code" or not price.is_at_rate or not _is_by_milligrams(each):
            return None
        as_cms = replace(identity, unit_mg=identity.priced_code_mg)
        lob = price.line_of_business
        rate = self._prices.rates.rate(each.line, as_cms, lob, price.term, part=price.part)
        return rate.at(each.line.units) if isinstance(rate, Rate) else None


def _is_by_milligrams(each: Judged) -> bool:
    """Return whether the price of a house code is stated for milligrams, or for the CMS unit."""
    used = each.price.rate.price
    if used is None:
        return False
    if used.list_price is not None:
        listed = used.list_price
        return listed.per == "mg" or listed.unit_of == each.identity.priced_code
    return used.kind in ("limit", "opps") or is_per_milligram(each.price.term)


def _is_unlike_the_nearest(days: Days, day: date) -> bool:
    """Return whether a dose is four times or a quarter of that of the nearest other day."""
    others = [each for each in days if each != day]
    if not others or day not in days:
        return False
    nearest = min(others, key=lambda each: (abs(each - day), each))
    return _is_by_four(days[day], days[nearest])


def _is_by_four(one: Fraction, other: Fraction) -> bool:
    return other > 0 and one in (4 * other, other / 4)


def _milligrams(lines: list[Judged]) -> Fraction:
    return sum(map(_milligrams_of, lines), Fraction(0))


def _milligrams_of(each: Judged) -> Fraction:
    return Fraction(each.line.units) * Fraction(each.identity.unit_mg)
