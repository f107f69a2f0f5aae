"""The waste ledger: what the vials of a visit left over, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, gcd, lcm

from .drugs import DrugBook
from .judged import Judged
from .money import ZERO, decimal_of, rounded
from .prices import Price, PriceBook
from .reference import Row, ndc11_of
from .visits import Visit, visits_of

UNPAID_OUTCOMES = ("denied", "zero_no_reason", "bundled")


@dataclass
class Vials:
    """What the vials of a visit held, in milligrams (RULES 10.3 to 10.5)."""

    packages: list[Row]
    is_billable: bool = False
    evidence: str | None = None
    payable_mg: Fraction = Fraction(0)
    avoidable_units: int | None = None


class WasteBook:
    """Builds the ledger from judged lines, packages and policies."""

    def __init__(self, drugs: DrugBook, prices: PriceBook) -> None:
        self._drugs = drugs
        self._prices = prices

    def ledger(self, judged: list[Judged]) -> list[dict]:
        """Return one row per patient, billing provider, service date and drug (RULES 10.1)."""
        return [self._row(visit) for visit in visits_of(judged)]

    def vials_mg(self, each: Judged) -> Fraction | None:
        """Return the milligrams of the vials a line's NDC quantity names (RULES 10.4)."""
        drug, unit_mg = each.identity.drug, each.identity.unit_mg
        named = self._vials_named(drug, each) if drug and unit_mg else None
        return named[0] * named[1] if named else None

    def _row(self, visit: Visit) -> dict:
        lines = sorted(visit.lines, key=lambda each: each.line.key[:2])
        waste = [each for each in lines if each.line.is_waste]
        administered = [each for each in lines if not each.line.is_waste]
        first = (administered or lines)[0]
        unit_mg = Fraction(first.identity.unit_mg)
        dose_mg, waste_mg = _milligrams(administered), _milligrams(waste)
        administered_units = rounded(dose_mg / unit_mg, 3)
        waste_units = rounded(waste_mg / unit_mg, 3)
        vials = self._vials(first, administered, waste, unit_mg)
        expected = missed = None
        if vials.is_billable:
            payable_units = floor(vials.payable_mg / unit_mg)
            left_over = floor((vials.payable_mg - dose_mg) / unit_mg)
            room = payable_units - ceil(dose_mg / unit_mg)
            expected = Decimal(max(0, min(left_over, room)) if administered else 0)
            billed = administered_units + waste_units
            missed = max(Decimal(0), min(expected - waste_units, payable_units - billed))
        policy = self._prices.policy(first.line, first.line.hcpcs, first.price.line_of_business)
        finding = _finding(lines, waste, vials, policy, expected, missed, waste_units)
        row = {
            "claim_id": first.line.claim.claim_id,
            "claim_ids": " ".join(sorted({each.line.claim.claim_id for each in lines})),
            "patient_key": visit.patient_key,
            "billing_id": visit.billing_id,
            "payer_id": first.line.facts.payer.payer_id,
            "payer_rank": first.line.rank,
            "line_of_business": first.price.line_of_business,
            "service_date": first.line.service_date,
            "drug": first.identity.drug,
            "hcpcs": first.line.hcpcs,
            "administered_units": administered_units,
            "billed_waste_units": waste_units,
            "expected_waste_units": expected,
            "missed_units": missed,
            "avoidable_units": vials.avoidable_units,
            "vial_evidence": vials.evidence,
            "finding": finding,
        }
        return row | _dollars(first, waste, finding, expected, missed, waste_units, administered)

    def _vials(
        self, first: Judged, administered: list[Judged], waste: list[Judged], unit_mg: Fraction
    ) -> Vials:
        drug = first.identity.drug
        found = Vials([each for each in self._drugs.packages_of(drug) if _is_known(each)])
        sizes = [_vial_mg(each) for each in found.packages if _is_single_dose(each)]
        has_multi_dose = any(
            self._drugs.is_multi_dose(each.identity.ndc11, drug) for each in administered + waste
        )
        found.is_billable = bool(sizes) and not has_multi_dose
        # Lines without units, or of none, bill no dose (RULES 10.5).
        if not found.is_billable or not administered or _milligrams(administered) <= 0:
            return found
        least_mg = least_waste_mg(_milligrams(administered), sizes)
        opened_mg = self._opened_mg(drug, administered, waste)
        found.evidence = "C" if opened_mg is None else "B"
        found.payable_mg = least_mg if opened_mg is None else min(opened_mg, least_mg)
        if opened_mg is not None:
            found.avoidable_units = max(0, floor((opened_mg - least_mg) / unit_mg))
        return found

    def _opened_mg(
        self, drug: str, administered: list[Judged], waste: list[Judged]
    ) -> Fraction | None:
        """Return the milligrams of the vials the NDC quantities name (RULES 10.4)."""
        of_dose = [self._vials_named(drug, each) for each in administered]
        if any(named is None for named in of_dose):
            return None
        of_waste = [named for each in waste if (named := self._vials_named(drug, each))]
        dose_mg = sum(count * size for count, size in of_dose)
        waste_mg = sum(count * size for count, size in of_waste)
        billed_mg = _milligrams(administered) + _milligrams(waste)
        smallest = min(size for _, size in of_dose + of_waste)
        over = dose_mg + waste_mg - billed_mg
        opened_mg = dose_mg + waste_mg if 0 <= over < smallest else max(dose_mg, waste_mg)
        # Vials that hold less than the dose prove nothing.
        return opened_mg if opened_mg >= _milligrams(administered) else None

    def _vials_named(self, drug: str, each: Judged) -> tuple[int, Fraction] | None:
        """Return how many single-dose vials of which size a line's NDC quantity names."""
        line = each.line
        package = self._drugs.package(ndc11_of(line.ndc), drug)
        if package is None or line.ndc_quantity is None:
            return None
        if not (_is_single_dose(package) and _is_known(package)):
            return None
        held = decimal_of(package["package_quantity"], 6)
        if not held or line.ndc_unit != package["quantity_unit"].upper():
            return None
        copies_units = line.ndc_quantity == line.units
        if copies_units and Fraction(each.identity.unit_mg) != _vial_mg(package):
            return None
        count = Fraction(line.ndc_quantity) / Fraction(held)
        if count <= 0 or count.denominator != 1:
            return None
        return count.numerator, _vial_mg(package)


def least_waste_mg(dose_mg: Fraction, sizes: list[Fraction]) -> Fraction:
    """Return the least sum of whole packages that covers a dose (RULES 10.4)."""
    scale = lcm(*(size.denominator for size in sizes))
    step = gcd(*(int(size * scale) for size in sizes))
    packages = sorted({int(size * scale) // step for size in sizes})
    needed = ceil(dose_mg * scale / step)
    reachable = [True] + [False] * (needed + packages[0])
    for total in range(1, len(reachable)):
        reachable[total] = any(size <= total and reachable[total - size] for size in packages)
    least = next(total for total in range(needed, len(reachable)) if reachable[total])
    return Fraction(least * step, scale)


def _milligrams(lines: list[Judged]) -> Fraction:
    return sum(
        (Fraction(each.line.units) * Fraction(each.identity.unit_mg) for each in lines),
        Fraction(0),
    )


def _vial_mg(package: Row) -> Fraction:
    return Fraction(package["billable_mg"])


def _is_known(package: Row) -> bool:
    """Return whether it is multi-dose or says what of it may be billed (RULES 10.3)."""
    return bool(package.get("billable_mg")) or not _is_single_dose(package)


def _is_single_dose(package: Row) -> bool:
    return package.get("single_dose") == "yes"


def _finding(
    lines: list[Judged],
    waste: list[Judged],
    vials: Vials,
    policy: Row | None,
    expected: Decimal | None,
    missed: Decimal | None,
    waste_units: Decimal,
) -> str:
    """Return the finding, first that applies (RULES 10.7)."""
    if not vials.packages:
        return "no_package_known"
    if expected is None:
        return "not_billable"
    pays_waste = (policy or {}).get("pays_waste")
    if not pays_waste:
        return "policy_unknown"
    if pays_waste == "no":
        return "not_paid_by_policy"
    modifiers = [set(each.line.modifiers) for each in lines]
    has_jz = any("JZ" in each for each in modifiers)
    unmarked = not any({"JW", "JZ"} & each for each in modifiers)
    wants_jw, wants_jz = _requires(policy, "requires_jw"), _requires(policy, "requires_jz")
    on_one_line = any({"JW", "JZ"} <= each for each in modifiers)
    if on_one_line or (has_jz and vials.evidence == "B" and missed > 0):
        return "modifier_conflict"
    if unmarked and (wants_jz or (wants_jw and expected > 0)):
        return "modifier_missing"
    if missed > 0 and not has_jz:
        return "missed"
    if any(each.outcome.name in UNPAID_OUTCOMES for each in waste):
        return "denied"
    if any(each.gap.shortfall > 0 for each in waste):
        return "short_paid"
    if waste_units > expected:
        return "overbilled"
    if has_jz and vials.evidence == "C" and missed > 0:
        return "jz_attested"
    return "clean"


def _requires(policy: Row, column: str) -> bool:
    return "yes" in (policy.get(column), policy.get("requires_jw_jz"))


def _dollars(
    first: Judged,
    waste: list[Judged],
    finding: str,
    expected: Decimal | None,
    missed: Decimal | None,
    waste_units: Decimal,
    administered: list[Judged],
) -> dict[str, Decimal | None]:
    """Return the dollars of a ledger row (RULES 10.8)."""
    price = first.price
    leakage = policy_unknown = structural = overbilled = ZERO
    if expected is not None:
        missed_usd = _worth(missed, price)
        overbilled = _worth(max(Decimal(0), waste_units - expected), price)
        if finding == "policy_unknown":
            policy_unknown = missed_usd
        elif finding == "not_paid_by_policy":
            structural = _worth(expected, price)
            if not administered:
                overbilled = None if waste_units > expected else ZERO
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
