"""The vials of a treatment: what its packages hold, and how many of them were opened."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, gcd, lcm

from .administrations import Record, Vial
from .drugs import DrugBook
from .judged import Judged
from .money import decimal_of, rounded
from .reference import Row, ndc11_of
from .visits import Visit

# What a price sentence says of a drug that is not paid apart (RULES 10.5).
NOT_PAID_APART = (
    "not priced: packaged under OPPS",
    "not priced: not paid under OPPS",
    "not priced: type of bill",
)


@dataclass
class Vials:
    """The vials of a treatment, in milligrams (RULES 10.3 to 10.5, 10.9)."""

    has_packages: bool
    is_billable: bool
    evidence: str | None = None
    dose_mg: Fraction = Fraction(0)
    least_mg: Fraction | None = None
    opened_mg: Fraction | None = None
    is_contradicted: bool = False  # by an administration record

    @property
    def payable_mg(self) -> Fraction:
        """Return what of the vials a payer may owe."""
        if self.least_mg is None:
            return Fraction(0)
        return self.least_mg if self.opened_mg is None else min(self.opened_mg, self.least_mg)

    def avoidable_units(self, unit_mg: Fraction) -> int | None:
        """Return the units opened beyond the least-waste set, None where vials are a guess."""
        if self.opened_mg is None:
            return None
        return max(0, floor((self.opened_mg - self.least_mg) / unit_mg))


class VialBook:
    """What drug_packages.csv says of the vials of a treatment."""

    def __init__(self, drugs: DrugBook) -> None:
        self._drugs = drugs

    def of(self, visit: Visit, record: Record | None, unit_mg: Fraction) -> Vials:
        """Return the vials of a treatment and the evidence for them, A before B before C."""
        packages = [each for each in self._drugs.packages_of(visit.drug) if _is_known(each)]
        sizes = [_vial_mg(each) for each in packages if _is_single_dose(each)]
        administered = visit.administered
        is_single = not (is_not_paid_apart(visit) or self._has_multi_dose(visit, record))
        found = Vials(bool(packages), bool(sizes) and is_single)
        if not is_single:
            # Not billable before no package known (RULES 10.7).
            found.has_packages = True
        found.dose_mg = milligrams(administered)
        # Lines without units, or of none, bill no dose (RULES 10.5).
        if not found.is_billable or found.dose_mg <= 0:
            return found
        self._look_at_record(visit, record, unit_mg, found)
        if found.evidence is None:
            found.opened_mg = self._billed_mg(visit)
            found.evidence = "C" if found.opened_mg is None else "B"
        found.least_mg = least_waste_mg(found.dose_mg, sizes)
        return found

    def _has_multi_dose(self, visit: Visit, record: Record | None) -> bool:
        """Return whether a line or a record names a multi-dose package (RULES 10.3, 10.9)."""
        named = [each.identity.ndc11 for each in visit.lines]
        named += [ndc11 for each in (record.given if record else ()) for ndc11, _ in each.vials]
        return any(self._drugs.is_multi_dose(ndc11, visit.drug) for ndc11 in named)

    def _look_at_record(
        self, visit: Visit, record: Record | None, unit_mg: Fraction, found: Vials
    ) -> None:
        """Take the dose and the vials of a record that agrees with the claim (RULES 10.9)."""
        dose_mg = record.administered_mg if record else None
        if dose_mg is None:
            return
        vials = [
            self._recorded_vial_mg(vial, visit.drug) for each in record.given for vial in each.vials
        ]
        opened_mg = None if None in vials else sum(vials)
        counted = [ceil(dose_mg / unit_mg)]
        counted += [] if opened_mg is None else [floor(opened_mg / unit_mg)]
        found.is_contradicted = rounded(milligrams(visit.administered) / unit_mg, 3) not in counted
        holds = dose_mg > 0 and opened_mg is not None and opened_mg >= dose_mg
        if holds and not found.is_contradicted:
            found.evidence, found.dose_mg, found.opened_mg = "A", dose_mg, opened_mg

    def _recorded_vial_mg(self, vial: Vial, drug: str) -> Fraction | None:
        ndc11, count = vial
        package = self._drugs.package(ndc11, drug)
        if package is None or not (_is_single_dose(package) and _is_known(package)):
            return None
        if not count or Fraction(count).denominator != 1:
            return None
        return Fraction(count) * _vial_mg(package)

    def _billed_mg(self, visit: Visit) -> Fraction | None:
        """Return the milligrams of the vials the NDC quantities name (RULES 10.4)."""
        administered = visit.administered
        waste = [each for each in visit.lines if each.line.is_waste]
        of_dose = [self.named(each) for each in administered]
        if any(named is None for named in of_dose):
            return None
        of_waste = [named for each in waste if (named := self.named(each))]
        dose_mg = sum(count * size for count, size in of_dose)
        waste_mg = sum(count * size for count, size in of_waste)
        billed_mg = milligrams(administered) + milligrams(waste)
        smallest = min(size for _, size in of_dose + of_waste)
        over = dose_mg + waste_mg - billed_mg
        opened_mg = dose_mg + waste_mg if 0 <= over < smallest else max(dose_mg, waste_mg)
        # Vials that hold less than the dose prove nothing.
        return opened_mg if opened_mg >= milligrams(administered) else None

    def named(self, each: Judged) -> tuple[int, Fraction] | None:
        """Return how many single-dose vials of which size a line's NDC quantity names."""
        line = each.line
        package = self._drugs.package(ndc11_of(line.ndc), each.identity.drug)
        if package is None or line.ndc_quantity is None:
            return None
        if not (_is_single_dose(package) and _is_known(package)):
            return None
        copies_units = line.ndc_quantity == line.units
        if copies_units and Fraction(each.identity.unit_mg) != _vial_mg(package):
            return None
        count = _count(line.ndc_quantity, line.ndc_unit, package)
        if count is None or count <= 0 or count.denominator != 1:
            return None
        return count.numerator, _vial_mg(package)


def is_not_paid_apart(visit: Visit) -> bool:
    """Return whether the drug of a treatment is paid within something else (RULES 10.5)."""
    return any(each.price.basis.startswith(NOT_PAID_APART) for each in visit.administered[:1])


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


def milligrams(lines: list[Judged]) -> Fraction:
    """Return the milligrams lines bill."""
    return sum(
        (Fraction(each.line.units) * Fraction(each.identity.unit_mg) for each in lines),
        Fraction(0),
    )


def _count(quantity: Decimal, unit: str | None, package: Row) -> Fraction | None:
    """Return how many packages a quantity is; UN of one counted in ML counts them itself."""
    counted_in = package["quantity_unit"].upper()
    if (unit, counted_in) == ("UN", "ML"):
        return Fraction(quantity)
    held = decimal_of(package["package_quantity"], 6)
    return Fraction(quantity) / Fraction(held) if held and unit == counted_in else None


def _vial_mg(package: Row) -> Fraction:
    return Fraction(package["billable_mg"])


def _is_known(package: Row) -> bool:
    """Return whether it is multi-dose or says what of it may be billed (RULES 10.3)."""
    return bool(package.get("billable_mg")) or not _is_single_dose(package)


def _is_single_dose(package: Row) -> bool:
    return package.get("single_dose") == "yes"
