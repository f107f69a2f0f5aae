"""Lines whose code may mean another drug, or other units, than CMS says (RULES 19)."""

from __future__ import annotations

from collections import defaultdict
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
        doses: dict[tuple[str, str], Days] = defaultdict(lambda: defaultdict(Fraction))
        for each in drug_lines:
            patient, drug = each.line.facts.patient_key, each.identity.drug
            if patient and drug:
                drugs_of[patient].add(drug)
                if _is_a_dose(each):
                    doses[patient, drug][each.line.service_date] += _milligrams(each)
        found = ((each, self._finding(each, drugs_of, doses)) for each in drug_lines)
        return [self._row(each, finding) for each, finding in found if finding]

    def _finding(
        self,
        each: Judged,
        drugs_of: dict[str, set[str]],
        doses: dict[tuple[str, str], Days],
    ) -> str | None:
        """Return the first finding that applies."""
        if each.line.hcpcs in NEIGHBOURS and self._is_meant_for_another(each, drugs_of):
            return "wrong_neighbour"
        basis = each.identity.basis
        if basis == "ndc_contradicts_code":
            return basis
        if self._is_four_times_off(each, doses):
            return "units_by_four"
        return basis if basis == "house_code" else None

    def _is_meant_for_another(self, each: Judged, drugs_of: dict[str, set[str]]) -> bool:
        day = each.line.service_date
        drug = (self._drugs.cms_row(MEANT, day) or {}).get("drug")
        patient = each.line.facts.patient_key or ""
        of_ndc = self._drugs.drugs_of_ndc(each.identity.ndc11, day)
        return bool(drug) and (drug in of_ndc or drug in drugs_of.get(patient, ()))

    def _is_four_times_off(self, each: Judged, doses: dict[tuple[str, str], Days]) -> bool:
        line, identity = each.line, each.identity
        is_known = identity.drug and identity.unit_mg and line.units and line.service_date
        # Waste is less than a vial and than a dose by its nature.
        if line.is_waste or line.rank != "primary" or not is_known:
            return False
        beside = [(_milligrams(each), self._waste.vials_mg(each))]
        days = doses.get((line.facts.patient_key or "", identity.drug), {})
        others = [day for day in days if day != line.service_date]
        if others and line.service_date in days:
            # A dose is what a day's lines add up to, here as there.
            nearest = min(others, key=lambda day: (abs(day - line.service_date), day))
            beside.append((days[line.service_date], days[nearest]))
        return any(mg and own in (4 * mg, mg / 4) for own, mg in beside)

    def _row(self, each: Judged, finding: str) -> dict:
        identity, line = each.identity, each.line
        cms = self._drugs.cms_code_of(identity.drug, line.service_date)
        cms_units = None
        if cms and identity.unit_mg and line.units is not None and Decimal(cms["unit_mg"] or 0):
            cms_units = rounded(_milligrams(each) / Fraction(cms["unit_mg"]), 3)
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


def _is_a_dose(each: Judged) -> bool:
    line = each.line
    is_known = bool(each.identity.unit_mg) and line.units is not None and bool(line.service_date)
    return is_known and line.rank == "primary" and not line.is_waste


def _milligrams(each: Judged) -> Fraction:
    return Fraction(each.line.units) * Fraction(each.identity.unit_mg)
