"""Doses that are always whole multi-dose vials: what is left of one may not be billed."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from .drugs import DrugBook
from .judged import Judged
from .reference import Row
from .vials import milligrams
from .waste import Treatment

FEWEST_TREATMENTS, FEWEST_PATIENTS = 10, 3


def whole_multi_dose_vials(treatments: list[Treatment], drugs: DrugBook) -> list[dict]:
    """Return each billing provider, payer and drug whose doses are whole vials (RULES 10.13)."""
    by_key: dict[tuple, list[Treatment]] = defaultdict(list)
    for each in treatments:
        if _of_multi_dose(each, drugs):
            row = each.row
            by_key[row["billing_id"], row["payer_id"], row["drug"]].append(each)
    found = []
    for (billing_id, payer_id, drug), of_key in by_key.items():
        patients = {each.visit.patient_key for each in of_key} - {None}
        if len(of_key) < FEWEST_TREATMENTS or len(patients) < FEWEST_PATIENTS:
            continue
        if all(_is_whole(each, drugs) for each in of_key):
            found.append({"billing_id": billing_id, "payer_id": payer_id, "drug": drug})
    return found


def _of_multi_dose(treatment: Treatment, drugs: DrugBook) -> list[Judged]:
    """Return the administered lines of multi-dose packages."""
    drug = treatment.visit.drug
    packages = drugs.packages_of(drug)
    has_only_those = bool(packages) and all(map(_is_multi_dose, packages))
    return [
        each
        for each in treatment.visit.administered
        if drugs.is_multi_dose(each.identity.ndc11, drug)
        or (each.line.ndc is None and has_only_those)
    ]


def _is_whole(treatment: Treatment, drugs: DrugBook) -> bool:
    """Return whether a dose is an exact multiple of one multi-dose package."""
    dose_mg = milligrams(_of_multi_dose(treatment, drugs))
    sizes = [
        Fraction(held)
        for package in drugs.packages_of(treatment.visit.drug)
        if _is_multi_dose(package)
        and (held := package.get("package_mg") or package.get("billable_mg"))
    ]
    return dose_mg > 0 and any((dose_mg / size).denominator == 1 for size in sizes)


def _is_multi_dose(package: Row) -> bool:
    return package.get("single_dose") != "yes"
