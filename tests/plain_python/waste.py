"""The waste ledger: what the vials of a treatment left over, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from .administrations import Record, Told
from .drugs import DrugBook
from .judged import Judged
from .money import ZERO, rounded
from .prices import Price, PriceBook
from .reference import Row
from .vials import VialBook, Vials, milligrams
from .visits import Visit
from .waste_findings import Units, finding_of

OF_NO_VIEW = ("policy_unknown", "not_paid_by_policy")


@dataclass
class Payer:
    """Who a ledger row is of: the primary payer, or a secondary one that pays waste."""

    payer_id: str
    payer_name: str
    rank: str
    line_of_business: str
    policy: Row | None


@dataclass
class Treatment:
    """A ledger row beside the lines and the record it was made of."""

    visit: Visit
    record: Record | None
    row: dict

    @property
    def unit_mg(self) -> Fraction:
        """Return the milligrams of the units the row is in (RULES 10.2)."""
        return _unit_mg(self.visit)


class WasteBook:
    """Builds the ledger from treatments, packages, policies and administrations."""

    def __init__(self, drugs: DrugBook, prices: PriceBook) -> None:
        self._vials = VialBook(drugs)
        self._prices = prices

    def treatments(self, visits: list[Visit], told: Told, judged: list[Judged]) -> list[Treatment]:
        """Return one row per patient, billing provider, service date and drug (RULES 10.1)."""
        secondary: dict[tuple, list[Judged]] = defaultdict(list)
        for each in judged:
            if each.line.rank == "secondary":
                secondary[each.line.key[:2]].append(each)
        found = []
        for visit in visits:
            record = told.record_of(visit)
            # Of waste alone no dose says who else was asked to pay it (RULES 10.10).
            beside = secondary[_first(visit).line.key[:2]] if visit.administered else []
            found.append(Treatment(visit, record, self._row(visit, record, beside)))
        return found

    def vials_mg(self, each: Judged) -> Fraction | None:
        """Return the milligrams of the vials a line's NDC quantity names (RULES 10.4)."""
        is_known = each.identity.drug and each.identity.unit_mg
        named = self._vials.named(each) if is_known else None
        return named[0] * named[1] if named else None

    def _row(self, visit: Visit, record: Record | None, beside: list[Judged]) -> dict:
        first, unit_mg = _first(visit), _unit_mg(visit)
        waste = [each for each in visit.lines if each.line.is_waste]
        vials = self._vials.of(visit, record, unit_mg)
        units = _units(visit, record, vials, unit_mg)
        payer = _payer(first)
        finding = finding_of(visit, vials, units, payer.policy)
        if finding in OF_NO_VIEW and (other := self._secondary(beside)):
            payer = other
            finding = finding_of(visit, vials, units, payer.policy)
        row = {
            "claim_id": first.line.claim.claim_id,
            "claim_ids": " ".join(sorted({each.line.claim.claim_id for each in visit.lines})),
            "patient_key": visit.patient_key,
            "billing_id": visit.billing_id,
            "payer_id": payer.payer_id,
            "payer_name": payer.payer_name,
            "payer_rank": payer.rank,
            "line_of_business": payer.line_of_business,
            "service_date": visit.service_date,
            "drug": visit.drug,
            "hcpcs": first.line.hcpcs,
            "administered_units": units.administered,
            "recorded_administered_units": units.recorded,
            "billed_waste_units": units.waste,
            "expected_waste_units": units.expected,
            "missed_units": units.missed,
            "avoidable_units": vials.avoidable_units(unit_mg),
            "actual_vial_mg": _mg(vials.opened_mg),
            "least_waste_mg": _mg(vials.least_mg),
            "avoidable_cost_usd": self._avoidable_cost(first, vials.avoidable_units(unit_mg)),
            "vial_evidence": vials.evidence,
            "finding": finding,
            "waste_basis": _disagreement(units, vials),
        }
        is_of_primary = payer.rank == "primary"
        dollars = _dollars(first, waste, finding, units, bool(visit.administered))
        return row | (dollars if is_of_primary else dict.fromkeys(dollars))

    def _secondary(self, beside: list[Judged]) -> Payer | None:
        """Return the secondary payer of a dose whose own policy pays its waste (RULES 10.10)."""
        paying = []
        for each in beside:
            lob, basis = each.price.line_of_business, each.identity.basis
            policies = self._prices.policies
            policy = policies.row(each.line, each.line.hcpcs, lob, basis, names_rank=True)
            if policy and policy.get("pays_waste") == "yes":
                paying.append(replace(_payer(each), policy=policy))
        return min(paying, key=lambda payer: payer.payer_id, default=None)

    def _avoidable_cost(self, first: Judged, units: int | None) -> Decimal | None:
        """Return what vials beyond the least-waste set cost the site (RULES 10.11)."""
        line, identity = first.line, first.identity
        if units is None:
            return None
        drug_code = identity.priced_code if identity.basis == "house_code" else None
        rates, day = self._prices.rates, line.service_date
        listed = rates.list_prices.on("acquisition", day, identity.ndc11, line.hcpcs, drug_code)
        price = rates.by_list(listed, line, identity) if listed else None
        return rounded(units * Fraction(price.amount), 2) if price else None


def _units(visit: Visit, record: Record | None, vials: Vials, unit_mg: Fraction) -> Units:
    """Return the units of a treatment: billed, recorded, expected and missed (RULES 10.5, 10.9)."""
    waste_mg = milligrams([each for each in visit.lines if each.line.is_waste])
    units = Units(
        rounded(milligrams(visit.administered) / unit_mg, 3), rounded(waste_mg / unit_mg, 3)
    )
    recorded_mg = record.administered_mg if record else None
    if recorded_mg is not None:
        units.recorded = Decimal(ceil(recorded_mg / unit_mg))
    if vials.is_billable:
        payable = floor(vials.payable_mg / unit_mg)
        left_over = floor((vials.payable_mg - vials.dose_mg) / unit_mg)
        room = payable - ceil(vials.dose_mg / unit_mg)
        expected = max(0, min(left_over, room)) if visit.administered else 0
        units.expected = Decimal(expected)
        left = min(units.expected - units.waste, payable - units.administered - units.waste)
        units.missed = max(Decimal(0), left)
    return units


def _disagreement(units: Units, vials: Vials) -> str | None:
    """Return what is said of a record that is not what was billed (RULES 10.9)."""
    if not vials.is_contradicted:
        return None
    recorded, billed = f"{units.recorded:f}", f"{units.administered.normalize():f}"
    record = f"the administration record ({recorded} units)"
    return f"{record} and the claim ({billed} units) disagree"


def _first(visit: Visit) -> Judged:
    """Return the first administered line, else the first line (RULES 10.2)."""
    return (visit.administered or visit.lines)[0]


def _unit_mg(visit: Visit) -> Fraction:
    return Fraction(_first(visit).identity.unit_mg)


def _mg(milligrams_held: Fraction | None) -> Decimal | None:
    return None if milligrams_held is None else rounded(milligrams_held, 6)


def _payer(each: Judged) -> Payer:
    payer, price = each.line.facts.payer, each.price
    return Payer(
        payer.payer_id, payer.payer_name, each.line.rank, price.line_of_business, price.policy
    )


def _dollars(
    first: Judged, waste: list[Judged], finding: str, units: Units, has_dose: bool
) -> dict[str, Decimal | None]:
    """Return the dollars of a ledger row (RULES 10.8)."""
    price = first.price
    leakage = policy_unknown = structural = overbilled = ZERO
    if units.expected is not None:
        missed_usd = _worth(units.missed, price)
        beyond = max(Decimal(0), units.waste - units.expected)
        overbilled = _worth(beyond, price)
        if finding == "policy_unknown":
            policy_unknown = missed_usd
        elif finding == "not_paid_by_policy":
            structural = _worth(units.expected, price)
            if not has_dose:
                overbilled = None if beyond else ZERO
        elif finding == "jz_attested":
            leakage = None
        else:
            leakage = missed_usd
    return {
        "leakage_usd": leakage,
        "policy_unknown_usd": policy_unknown,
        "structural_usd": structural,
        "overbilled_usd": overbilled,
        "denied_usd": sum(map(_denied_usd, waste), ZERO),
        "short_paid_usd": sum((each.gap.shortfall for each in waste), ZERO),
    }


def _denied_usd(each: Judged) -> Decimal:
    """Return what a waste line was denied; bundled, all it was expected to pay (RULES 10.8)."""
    is_bundled = each.outcome.name == "bundled"
    return (each.price.expected if is_bundled else each.gap.denied_expected) or ZERO


def _worth(units: Decimal, price: Price) -> Decimal | None:
    """Return units at a line's price; nothing is worth nothing, priced or not (RULES 10.8)."""
    if units == 0:
        return ZERO
    return price.at(units) if price.state == "priced" else None
