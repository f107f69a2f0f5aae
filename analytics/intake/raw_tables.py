"""The columns of every raw X12 table, as `TABLES.md` tells them."""

from __future__ import annotations

import polars as pl

_DECIMAL = pl.Decimal(18, 4)


def _schema(head: str, columns: str, tail: str = "source_offset") -> pl.Schema:
    """A schema from names; a name ends in what it holds (`_usd`, `_units`, `_date`, `_number`)."""
    names = [*head.split(), *columns.split(), *tail.split()]
    return pl.Schema({name: _TYPES.get(name, _by_ending(name)) for name in names})


def _by_ending(name: str) -> pl.DataType:
    endings = {"_usd": _DECIMAL, "_units": _DECIMAL, "_date": pl.Date()}
    return next((kind for ending, kind in endings.items() if name.endswith(ending)), pl.String())


_TYPES: dict[str, pl.DataType] = {
    "transaction_number": pl.Int32(),
    "remit_claim_number": pl.Int32(),
    "remit_line_number": pl.Int32(),
    "adjustment_number": pl.Int32(),
    "submission_number": pl.Int32(),
    "line_number": pl.Int32(),
    "source_offset": pl.Int64(),
    "bytes": pl.Int64(),
    "segments": pl.Int64(),
    "segments_rejected": pl.Int64(),
    "segments_not_ours": pl.Int64(),
    "segments_duplicate": pl.Int64(),
    "received_at": pl.Datetime("us"),
    "gs_date": pl.Date(),
    "has_se": pl.Boolean(),
    "se_count_agrees": pl.Boolean(),
    "is_destination": pl.Boolean(),
    "quantity": _DECIMAL,
    "amount": _DECIMAL,
    "units": _DECIMAL,
    "ndc_quantity": _DECIMAL,
}
_HEAD = "file_sha256 transaction_number"

FILES = "raw_x12__files"
TRANSACTIONS = "raw_x12__transactions"
REJECTS = "raw_x12__rejects"
RAW_TABLES: dict[str, pl.Schema] = {
    FILES: _schema(
        "source_file file_sha256",
        "bytes kind received_at segments segments_rejected segments_not_ours segments_duplicate"
        " reason",
        "",
    ),
    TRANSACTIONS: _schema(
        _HEAD,
        "transaction_type version isa_control usage_indicator gs_date gs_time gs_control st_control"
        " segments has_se se_count_agrees content_sha256",
    ),
    REJECTS: _schema(_HEAD, "piece segment_id segments reason"),
    "raw_835__remits": _schema(
        _HEAD,
        "payment_amount_usd credit_debit payment_method payment_date trace_number production_date"
        " payer_name payer_code payer_other_code payee_code payee_code_kind payee_tax_id",
    ),
    "raw_835__remit_claims": _schema(
        _HEAD,
        "remit_claim_number claim_number status_code charge_usd paid_usd"
        " patient_responsibility_usd filing_code payer_control_number place_of_service"
        " frequency_code service_date service_through_date received_date remark_codes group_number"
        " patient_key",
    ),
    "raw_835__remit_lines": _schema(
        _HEAD,
        "remit_claim_number remit_line_number hcpcs code_qualifier modifiers charge_usd paid_usd"
        " revenue_code paid_units original_hcpcs original_modifiers original_units service_date"
        " service_through_date line_control_number remark_codes allowed_reported_usd",
    ),
    "raw_835__adjustments": _schema(
        _HEAD,
        "remit_claim_number remit_line_number adjustment_number group_code reason_code"
        " adjustment_usd quantity",
    ),
    "raw_835__amounts": _schema(
        _HEAD, "remit_claim_number remit_line_number segment_id qualifier amount"
    ),
    "raw_835__references": _schema(
        _HEAD, "remit_claim_number remit_line_number qualifier reference"
    ),
    "raw_835__provider_adjustments": _schema(
        _HEAD, "adjustment_number provider_id fiscal_date reason_code reference_id adjustment_usd"
    ),
    "raw_837__claims": _schema(
        _HEAD,
        "submission_number claim_number charge_usd place_of_service frequency_code claim_type"
        " submitted_date payer_rank filing_code group_number payer_name payer_code billing_npi"
        " billing_tax_id statement_date statement_through_date original_control_number"
        " authorization_number diagnoses patient_key",
    ),
    "raw_837__claim_payers": _schema(
        _HEAD,
        "submission_number payer_rank filing_code payer_name payer_code is_destination"
        " prior_paid_usd",
    ),
    "raw_837__claim_lines": _schema(
        _HEAD,
        "submission_number line_number hcpcs code_qualifier modifiers charge_usd unit_basis units"
        " revenue_code place_of_service ndc ndc_quantity ndc_unit service_date"
        " service_through_date line_control_number authorization_number diagnosis_pointers",
    ),
}
