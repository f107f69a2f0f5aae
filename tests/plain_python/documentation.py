"""What a payer would ask for of each drug line, and whether it is there (RULES 20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from .documentation_of_records import RecordChecks
from .drugs import DrugBook
from .judged import Judged
from .money import decimal_of, quarter_of
from .ndc_padding import padded_elsewhere
from .prices import PriceBook
from .reference import Reference, Row, is_in_force, ndc11_of
from .said import MET, NOT_MET, Said, cannot_tell
from .terms import OF_LIMIT, lag_of
from .vials import is_not_paid_apart
from .waste import Treatment
from .waste_findings import requires

NOT_DISTINCT = {"59", "XE", "XP", "XS", "XU"}
GIVEN_TOGETHER = timedelta(days=28)
OF_A_MULTI_DOSE = Said("not_met", "waste of a multi-dose package")


class DocumentationBook:
    """Asks every check of every primary drug line."""

    def __init__(self, drugs: DrugBook, prices: PriceBook, reference: Reference) -> None:
        self._drugs = drugs
        self._quarters = prices.rates.limits.quarters()
        rows = reference.rows
        self._weights = {row["check"]: row["weight"] for row in rows["documentation_weights"]}
        self._procedures = tuple(row["code_prefix"].upper() for row in rows["administration_codes"])
        self._indications: dict[str, list[Row]] = defaultdict(list)
        for row in rows["label_indications"]:
            self._indications[row["drug"].lower()].append(row)

    def rows(self, judged: list[Judged], treatments: list[Treatment]) -> list[dict]:
        """Return one row per line and check that applies (RULES 20.1)."""
        standing = [each for each in judged if each.outcome.name != "closed_unpaid"]
        treated = {id(each): one for one in treatments for each in one.visit.lines}
        self._given_on = _days_of_drugs(standing)
        self._billed_on = {
            _visit_of(each, each.line.service_date)
            for each in standing
            if (each.line.hcpcs or "").startswith(self._procedures)
        }
        return [
            self._row(each, check, said)
            for each in standing
            if each.is_drug and each.line.rank == "primary"
            for check, said in self._checks(each, treated.get(id(each)))
        ]

    def _row(self, each: Judged, check: str, said: Said) -> dict:
        names = ("claim_id", "line_number", "payer_id", "payer_rank")
        return {
            **dict(zip(names, each.line.key, strict=True)),
            "check": check,
            "result": said.result,
            "reason": said.reason,
            "weight": decimal_of(self._weights.get(check), 3) or Decimal(0),
        }

    def _checks(self, each: Judged, treatment: Treatment | None) -> Iterator[tuple[str, Said]]:
        records = RecordChecks(treatment)
        is_administered = not each.line.is_waste
        yield "ndc", self._ndc(each)
        if records.tells_of_waste():
            yield "waste_units", records.waste_units()
        yield "waste_modifier", _waste_modifier(each, treatment)
        yield "authorization", _authorization(each)
        diagnosis, fitting = self._diagnosis(each)
        yield "diagnosis", diagnosis
        if diagnosis is MET:
            yield "prior_therapy", _prior_therapy(fitting, records)
        yield "distinct_service", NOT_MET if NOT_DISTINCT & set(each.line.modifiers) else MET
        yield "drug_source", _drug_source(each)
        yield "step_therapy", _step_therapy(each, records)
        yield "reference_current", self._reference_current(each)
        if is_administered:
            yield "dose_units", records.dose_units()
            yield "administration_procedure", self._administration_procedure(each)
            yield "infusion_record", records.infusion_record()
            yield "rationale", records.rationale()

    def _ndc(self, each: Judged) -> Said:
        """Return whether the NDC is one of the drug (RULES 20.2)."""
        line, identity = each.line, each.identity
        ndc11, day = ndc11_of(line.ndc), line.service_date
        if line.billed_basis == "remit_only":
            # A remit names no NDC, whatever was sent.
            return cannot_tell()
        if ndc11 is None or identity.basis == "ndc_contradicts_code":
            return NOT_MET
        if self._drugs.is_known_ndc(ndc11, day):
            agrees = identity.basis == "cms_code_ndc_agrees"
            return MET if agrees or identity.drug else cannot_tell()
        known = [
            other
            for other in padded_elsewhere(ndc11)
            if identity.drug and identity.drug in self._drugs.drugs_of_ndc(other, day)
        ]
        if known:
            return Said("not_met", f"padded in the wrong segment: {min(known)} is known")
        return cannot_tell()

    def _diagnosis(self, each: Judged) -> tuple[Said, list[Row]]:
        """Return whether a diagnosis is one of the label's, and the rows it fits (RULES 20.7)."""
        line = each.line
        rows = self._indications.get(each.identity.drug or "", [])
        if line.billed_basis == "remit_only" or line.service_date is None or not rows:
            return cannot_tell(), []
        diagnoses = [code.replace(".", "").upper() for code in line.facts.diagnoses]
        fitting = [
            row
            for row in rows
            if is_in_force(row, line.service_date)
            and any(code.startswith(_prefix(row)) for code in diagnoses)
            and self._is_given_with(row, each)
        ]
        return (MET if fitting else NOT_MET), fitting

    def _is_given_with(self, row: Row, each: Judged) -> bool:
        """Return whether the drug a row asks for beside its own is given (RULES 20.7)."""
        other, day = (row.get("with_drug") or "").lower(), each.line.service_date
        if not other:
            return True
        days = self._given_on.get((each.line.facts.patient_key, other), ())
        return any(abs(given - day) <= GIVEN_TOGETHER for given in days)

    def _administration_procedure(self, each: Judged) -> Said:
        """Return whether giving the drug is billed that day (RULES 20.9)."""
        line = each.line
        if line.service_date and _visit_of(each, line.service_date) in self._billed_on:
            return MET
        is_told = line.billed_basis != "remit_only" and line.service_date
        return NOT_MET if is_told else cannot_tell()

    def _reference_current(self, each: Judged) -> Said:
        """Return whether the limits reach to the quarter that prices a line (RULES 20.15)."""
        term, day = each.price.term, each.line.service_date
        if term is None or term["method"] not in OF_LIMIT or day is None:
            return Said("met", "no CMS limit is needed")
        priced = quarter_of(day - timedelta(days=lag_of(term)))
        return MET if priced in self._quarters else NOT_MET


def _waste_modifier(each: Judged, treatment: Treatment | None) -> Said:
    """Return whether JW and JZ stand where they must (RULES 20.5)."""
    policy = each.price.policy
    if {"JW", "JZ"} <= set(each.line.modifiers):
        return NOT_MET
    if treatment is None:
        return cannot_tell()
    finding = treatment.row["finding"]
    if finding == "not_billable":
        if not each.line.is_waste:
            return MET
        return NOT_MET if is_not_paid_apart(treatment.visit) else OF_A_MULTI_DOSE
    if finding == "modifier_conflict":
        return NOT_MET
    if finding == "modifier_missing":
        # Theory alone proves no waste; only a payer that wants a JZ wants either on every line.
        by_theory = treatment.row["vial_evidence"] == "C"
        wants_either = requires(policy, "requires_jz") == "yes"
        return cannot_tell() if by_theory and not wants_either else NOT_MET
    if not requires(policy, "requires_jw") and not requires(policy, "requires_jz"):
        return cannot_tell()
    return MET


def _authorization(each: Judged) -> Said:
    """Return whether an authorization number stands where one is asked for (RULES 20.6)."""
    line = each.line
    if line.billed_basis == "remit_only":
        return cannot_tell()
    asked = _policy_says(each, "requires_prior_auth")
    has_number = bool(line.facts.authorization_number or line.authorization_number)
    if asked == "no" or has_number:
        return MET
    return NOT_MET if asked == "yes" else cannot_tell()


def _prior_therapy(fitting: list[Row], records: RecordChecks) -> Said:
    """Return whether earlier treatment is told where the label asks for it (RULES 20.8)."""
    # A row that does not say asks for it.
    if any(row.get("requires_prior_therapy") == "no" for row in fitting):
        return MET
    return records.prior_therapies()


def _drug_source(each: Judged) -> Said:
    asked = _policy_says(each, "specialty_pharmacy")
    said = "the payer asks for a specialty pharmacy; the practice billed the drug"
    return {"yes": Said("not_met", said), "no": MET}.get(asked, cannot_tell())


def _step_therapy(each: Judged, records: RecordChecks) -> Said:
    asked = _policy_says(each, "requires_step_therapy")
    return {"yes": records.prior_therapies(), "no": MET}.get(asked, cannot_tell())


def _policy_says(each: Judged, column: str) -> str:
    return (each.price.policy or {}).get(column) or ""


def _prefix(row: Row) -> str:
    return row["diagnosis_prefix"].replace(".", "").upper()


def _visit_of(each: Judged, day: date | None) -> tuple:
    """Return the patient of a line, else its claim, and a day."""
    line = each.line
    return (line.facts.patient_key, None if line.facts.patient_key else line.claim.claim_id, day)


def _days_of_drugs(standing: list[Judged]) -> dict[tuple, set[date]]:
    """Return the days each patient was billed each drug on primary lines (RULES 20.7)."""
    days: dict[tuple, set[date]] = defaultdict(set)
    for each in standing:
        line, drug = each.line, each.identity.drug
        is_primary_drug = each.is_drug and drug and line.rank == "primary"
        if is_primary_drug and line.facts.patient_key and line.service_date:
            days[line.facts.patient_key, drug].add(line.service_date)
    return days
