"""The submissions that rows of claim_lines tell (EXTRACTS.md, RULES 14.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .extract_columns import OF_THE_SENDING
from .extract_rows import ExtractFile, ExtractRow
from .money import rounded
from .read_837 import fill_line_dates
from .reference import Reference
from .submissions import BilledLine, Submission
from .told_once import (
    ToldRow,
    ToldTransaction,
    grouped,
    home_of,
    number_in_files,
    offset_in,
    payer_of,
    told_between,
    told_once,
)

RANK_DIGIT = {"primary": "1", "secondary": "2", "tertiary": "3"}


def submissions_told(rows: list[ExtractRow], reference: Reference) -> list[Submission]:
    """Return the submissions that rows tell by as-of, in no order."""
    lines = told_once(rows, lambda row: (_sending(row.told), row.told["line_number"]))
    found = [_submission(each, reference) for each in grouped(lines, _sending)]
    sent = [each for each in found if each is not None]
    number_in_files([each.transaction for each in sent])
    return [each for each in sent if each.submitted_date <= reference.as_of]


def _sending(told: dict) -> tuple:
    """Return what tells one sending from another (RULES 14.2)."""
    if "submission_id" in told:
        return (told["submission_id"],)
    return (
        told["claim_number"],
        told.get("submitted_date"),
        payer_of(told),
        told.get("payer_rank", "primary"),
        told.get("frequency_code", "1"),
    )


def _submission(rows: list[ToldRow], reference: Reference) -> Submission | None:
    """Return the submission that rows of one sending tell, None where it is rejected."""
    told = told_between(rows, OF_THE_SENDING)
    if told is None or told.get("claim_type") == "dental":
        return None
    submitted_date = _submitted_date(told, rows)
    if submitted_date is None:
        return None
    rows = sorted(rows, key=lambda row: row.told["line_number"])
    home = home_of(rows)
    submission = Submission(
        transaction=_transaction(told, rows, home, submitted_date),
        number=1,
        clm01=told["claim_number"],
        charge=_charge(told, rows),
        place_of_service=told.get("claim_place_of_service") or _first(rows, "place_of_service"),
        frequency=told.get("frequency_code", "1"),
        claim_type=told.get("claim_type"),
        submitted_date=submitted_date,
        payer=reference.payer_named([told.get("payer_code")], told.get("payer_name")),
        rank=told.get("payer_rank", "primary"),
        filing_code=told.get("filing_code"),
        group_number=told.get("group_number"),
        npi=told.get("billing_npi"),
        tax_id=told.get("billing_tax_id"),
        patient_key=reference.patient_key(told.get("patient_id"), None, None),
        original_control_number=told.get("original_control_number"),
        authorization_number=told.get("claim_authorization_number"),
        diagnoses=told.get("diagnoses", ()),
        statement_date=told.get("statement_date"),
        statement_through_date=told.get("statement_through_date"),
        lines=[_line(row, offset_in(home, [row], rows)) for row in rows],
    )
    fill_line_dates(submission)
    return submission


def _submitted_date(told: dict, rows: list[ToldRow]) -> date | None:
    """Return the day a claim was sent, or what stands for it."""
    if "submitted_date" in told:
        return told["submitted_date"]
    if told.get("frequency_code") in ("7", "8"):
        return None
    days = [row.told.get("service_through_date", row.told.get("service_date")) for row in rows]
    stated = told.get("statement_through_date", told.get("statement_date"))
    return max((day for day in days if day), default=stated)


def _transaction(
    told: dict, rows: list[ToldRow], home: ExtractFile, submitted_date: date
) -> ToldTransaction:
    named = (
        told.get("frequency_code", "1"),
        RANK_DIGIT[told.get("payer_rank", "primary")],
        payer_of(told),
        told["claim_number"],
        told.get("submission_id", ""),
    )
    return ToldTransaction(home.source_file, offset_in(home, rows), submitted_date, "-".join(named))


def _charge(told: dict, rows: list[ToldRow]) -> Decimal | None:
    if "claim_charge_usd" in told:
        return rounded(told["claim_charge_usd"], 2)
    charges = [row.told.get("charge_usd") for row in rows]
    return None if None in charges else rounded(sum(charges), 2)


def _first(rows: list[ToldRow], column: str) -> str | None:
    return next((row.told[column] for row in rows if column in row.told), None)


def _line(row: ToldRow, offset: int) -> BilledLine:
    told = row.told
    service_date = told.get("service_date")
    return BilledLine(
        offset=offset,
        hcpcs=told.get("hcpcs"),
        modifiers=told.get("modifiers", ()),
        charge=_rounded(told.get("charge_usd"), 2),
        units=_rounded(told.get("units"), 3),
        revenue_code=told.get("revenue_code"),
        place_of_service=told.get("place_of_service"),
        ndc=told.get("ndc"),
        ndc_quantity=_rounded(told.get("ndc_quantity"), 3),
        ndc_unit=told.get("ndc_unit"),
        service_date=service_date,
        through_date=told.get("service_through_date", service_date),
        control_number=told.get("line_control_number"),
        authorization_number=told.get("authorization_number"),
        place=told["line_number"],
    )


def _rounded(value: Decimal | None, decimals: int) -> Decimal | None:
    return None if value is None else rounded(value, decimals)
