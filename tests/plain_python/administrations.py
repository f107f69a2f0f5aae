"""What was given, as administrations.csv tells it, and which treatment each one belongs to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .claims import Claim
from .drugs import DrugBook
from .events import Event
from .extract_rows import ExtractRow
from .reference import Reference, ndc11_of
from .told_once import ToldRow, grouped, squeezed, told_once, values_of
from .visits import Visit

# What the rows of one administration may not tell differently (RULES 10.9).
OF_THE_DOSE = (
    *("service_date", "drug", "claim_id", "patient_id", "administered_mg", "discarded_mg"),
)
Vial = tuple[str | None, Decimal | None]


@dataclass(eq=False)
class Administration:
    """One administration: its dose once, its vials row by row."""

    administration_id: str
    service_date: date
    drug: str | None
    claim_id: str | None
    patient_key: str | None
    administered_mg: Decimal | None
    discarded_mg: Decimal | None
    vials: list[Vial]
    rows: list[ToldRow]

    def tells(self, column: str) -> bool:
        """Return whether one of its rows tells a thing."""
        return bool(values_of(self.rows, column))

    def values(self, column: str) -> set:
        """Return what its rows tell of a thing."""
        return values_of(self.rows, column)


@dataclass
class Record:
    """What all administrations of one treatment say together (RULES 10.9)."""

    given: list[Administration]

    @property
    def administered_mg(self) -> Fraction | None:
        return _summed(each.administered_mg for each in self.given)

    @property
    def discarded_mg(self) -> Fraction | None:
        return _summed(each.discarded_mg for each in self.given)


@dataclass
class Told:
    """The administrations of a site: those of each treatment, and those that join none."""

    by_visit: dict[int, Record]
    without_treatment: list[Administration]
    contradictory: list[str]

    def record_of(self, visit: Visit | None) -> Record | None:
        """Return what administrations say of a treatment, None where none is of it."""
        return None if visit is None else self.by_visit.get(id(visit))

    def rows(self, as_of: date) -> list[dict]:
        """Return the administrations up to as-of that no figure uses, one row each."""
        named = [
            (each.administration_id, "no treatment")
            for each in self.without_treatment
            if each.service_date <= as_of
        ]
        named += [(each, "contradictory") for each in self.contradictory]
        return [{"administration_id": number, "why": why} for number, why in sorted(named)]


def administrations_told(
    rows: list[ExtractRow],
    reference: Reference,
    drugs: DrugBook,
    events: list[Event],
    claims: list[Claim],
    visits: list[Visit],
) -> Told:
    """Return the administrations that rows tell, each with the treatment it belongs to."""
    answered_as: dict[int, set[str | None]] = defaultdict(set)
    for event in events:
        answered_as[id(event.claim)].add(event.remit_claim.patient_key)
    usable, contradictory = _administrations(rows, reference, drugs)
    by_claim: dict[str, list[Visit]] = defaultdict(list)
    by_patient: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        for name in {name for each in visit.lines for name in _names_of(each.line.claim)}:
            by_claim[name].append(visit)
        for patient_key in _patients_of(visit, answered_as):
            by_patient[patient_key].append(visit)
    ours = {name for claim in claims for name in _names_of(claim)}
    told = Told({}, [], contradictory)
    for each in usable:
        number = squeezed(each.claim_id or "")
        candidates = by_claim[number] if number in ours else by_patient[each.patient_key or ""]
        fitting = [
            visit
            for visit in candidates
            if (visit.drug, visit.service_date) == (each.drug, each.service_date)
        ]
        if len(fitting) == 1:
            told.by_visit.setdefault(id(fitting[0]), Record([])).given.append(each)
        else:
            told.without_treatment.append(each)
    return told


def _administrations(
    rows: list[ExtractRow], reference: Reference, drugs: DrugBook
) -> tuple[list[Administration], list[str]]:
    """Return the administrations rows agree on, and the ids of those they do not."""

    def key(row: ExtractRow) -> tuple:
        return row.told["administration_id"], row.told.get("vial_ndc11")

    usable, contradictory = [], []
    for told in grouped(told_once(rows, key), lambda told: told["administration_id"]):
        number = told[0].told["administration_id"]
        if any(len(values_of(told, column)) > 1 for column in OF_THE_DOSE):
            contradictory.append(number)
        else:
            usable.append(_administration(told, reference, drugs))
    return usable, contradictory


def _administration(rows: list[ToldRow], reference: Reference, drugs: DrugBook) -> Administration:
    told = {column: next(iter(values_of(rows, column)), None) for column in OF_THE_DOSE}
    vials = [(ndc11_of(row.told.get("vial_ndc11")), row.told.get("vial_count")) for row in rows]
    named = {package["drug"] for ndc11, _ in vials for package in drugs.packages_named(ndc11)}
    drug = told["drug"] or (named.pop() if len(named) == 1 else None)
    return Administration(
        administration_id=rows[0].told["administration_id"],
        service_date=told["service_date"],
        drug=drug,
        claim_id=told["claim_id"],
        patient_key=reference.patient_key(told["patient_id"], None, None),
        administered_mg=told["administered_mg"],
        discarded_mg=told["discarded_mg"],
        vials=vials,
        rows=rows,
    )


def _patients_of(visit: Visit, answered_as: dict[int, set[str | None]]) -> set[str]:
    """Return the keys of a treatment's patient: a claim may say more of one than its remit."""
    keys = {visit.patient_key}
    for each in visit.lines:
        keys |= answered_as[id(each.line.claim)]
    return keys - {None}


def _names_of(claim: Claim) -> set[str]:
    """Return what an administration may call a claim."""
    return {squeezed(name) for name in (claim.claim_id, *claim.clm01s)}


def _summed(amounts) -> Fraction | None:
    told = list(amounts)
    return None if None in told else sum(map(Fraction, told), Fraction(0))
