"""The infusion log: rows of `administrations.csv`, one for each kind of vial of a dose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from analytics.synthetic.wastebook.treatment import DRUG_OF, Record, Treatment
from analytics.synthetic.wastebook.written import claim_numbers, patient_of

COLUMNS = (
    "administration_id",
    "claim_id",
    "patient_id",
    "service_date",
    "drug",
    "ordered_mg",
    "administered_mg",
    "discarded_mg",
    "discard_reason",
    "vial_ndc11",
    "vial_count",
    "route",
    "site",
    "started_at",
    "stopped_at",
    "prior_therapies",
    "rationale_documented",
)
STARTED_AT, SITE = "10:05", "left forearm"
LogRow = tuple[object, ...]


def administration_ids(treatment: Treatment, number: int) -> list[str]:
    """The id of each administration of a treatment."""
    return [f"SYNADM{number:05d}-{place}" for place in range(1, len(treatment.records) + 1)]


def rows_of(treatment: Treatment, number: int, patient_number: int) -> Iterator[LogRow]:
    """The rows of the log that tell of a treatment."""
    claim_number = (claim_numbers(treatment, number) or [f"W{number:05d}"])[0]
    patient_id = patient_of(patient_number).member_id
    ids = administration_ids(treatment, number)
    for record, administration_id in zip(treatment.records, ids, strict=True):
        for place, (ndc11, count) in enumerate(record.vials):
            yield log_row(
                administration_id,
                claim_number if record.by == "claim" else "",
                patient_id if record.by == "patient" else "",
                treatment.day,
                DRUG_OF[treatment.hcpcs],
                _as_told_again(record) if place else record,
                (ndc11, count),
            )


def log_row(
    administration_id: str,
    claim_id: str,
    patient_id: str,
    day: date,
    drug: str,
    record: Record,
    vial: tuple[str, int],
) -> LogRow:
    """One row of the log, in the order of `COLUMNS`."""
    discards = record.discarded_mg not in ("", "0")
    return (
        administration_id,
        claim_id,
        patient_id,
        day,
        drug,
        record.given_mg,
        record.given_mg,
        record.discarded_mg,
        record.reason if discards else "",
        *vial,
        record.route,
        SITE,
        STARTED_AT,
        record.stopped_at,
        record.therapies,
        record.rationale,
    )


def _as_told_again(record: Record) -> Record:
    return replace(record, discarded_mg=record.told_again or record.discarded_mg)
