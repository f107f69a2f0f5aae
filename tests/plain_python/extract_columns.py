"""The columns each kind of extract has, and how their cells are read (EXTRACTS.md)."""

from __future__ import annotations

from .extract_cells import (
    Reader,
    amount,
    claim_type,
    clock,
    code,
    codes,
    day,
    denial_reason,
    drug,
    group_code,
    modifiers,
    money,
    number,
    padded,
    payer_rank,
    reason_code,
    text_of,
    text_up_to,
    whole,
    without_hyphens,
    yes_no,
)

FROM_1, FROM_0 = whole(1, 999_999), whole(0, 999_999)
NPI, TAX_ID = code(r"\d{10}"), without_hyphens(r"\d{9}")
FILING_CODE = code(r"[A-Z0-9]{1,3}")
REMARKS = codes(r"[A-Z]{1,2}\d+")
PLACE_OF_SERVICE = padded(r"[A-Z0-9]{1,2}", 2)
MODIFIER = code(r"[A-Z0-9]{2}")
HCPCS = code(r"(?=.*\d)[A-Z0-9]{5}")
NDC = code(r"[\d-]{8,14}")

MODIFIER_COLUMNS = ("modifier_1", "modifier_2", "modifier_3", "modifier_4")
OF_THE_SERVICE: dict[str, Reader] = {
    "hcpcs": HCPCS,
    "modifiers": modifiers,
    **dict.fromkeys(MODIFIER_COLUMNS, MODIFIER),
    "revenue_code": padded(r"[A-Z0-9]{3,4}", 4),
    "line_control_number": text_of,
    "service_date": day,
    "service_through_date": day,
    "charge_usd": money,
    "extracted_on": day,
}
OF_THE_SENDING: dict[str, Reader] = {
    "claim_number": text_of,
    "submission_id": text_of,
    "submitted_date": day,
    "payer_code": text_of,
    "payer_name": text_of,
    "payer_rank": payer_rank,
    "frequency_code": code(r"[1-9]"),
    "claim_type": claim_type,
    "filing_code": FILING_CODE,
    "group_number": text_of,
    "billing_npi": NPI,
    "billing_tax_id": TAX_ID,
    "original_control_number": text_of,
    "claim_authorization_number": text_of,
    "diagnoses": codes(r"[A-Z0-9]+"),
    "patient_id": text_of,
    "statement_date": day,
    "statement_through_date": day,
    "claim_charge_usd": money,
    "claim_place_of_service": PLACE_OF_SERVICE,
}
OF_THE_ANSWER: dict[str, Reader] = {
    "claim_number": text_of,
    "payment_date": day,
    "payer_code": text_of,
    "payer_name": text_of,
    "trace_number": text_of,
    "payee_npi": NPI,
    "payee_tax_id": TAX_ID,
    "status_code": whole(1, 25),
    "payer_control_number": text_of,
    "filing_code": FILING_CODE,
    "group_number": text_of,
    "place_of_service": PLACE_OF_SERVICE,
    "claim_service_date": day,
    "claim_service_through_date": day,
    "received_date": day,
    "claim_remark_codes": REMARKS,
    "claim_charge_usd": money,
    "claim_paid_usd": money,
    "patient_id": text_of,
    "remit_claim_number": FROM_1,
}
OF_THE_REMIT: dict[str, Reader] = {
    "payer_other_code": text_of,
    "payment_amount_usd": money,
    "provider_adjustment_usd": money,
    "credit_debit": code(r"[CD]"),
    "payment_method": code(r"[A-Z0-9]{3}"),
    "production_date": day,
}
# Amounts typed on a remit line, in their order, with the reason each one stands for.
TYPED_REASONS = {
    "deductible_usd": ("PR", "1"),
    "coinsurance_usd": ("PR", "2"),
    "copay_usd": ("PR", "3"),
    "contractual_usd": ("CO", "45"),
    "sequestration_usd": ("CO", "253"),
    "prior_payer_usd": ("OA", "23"),
}
CLAIM_LINES = (
    OF_THE_SENDING
    | OF_THE_SERVICE
    | {
        "line_number": FROM_1,
        "place_of_service": PLACE_OF_SERVICE,
        "ndc": NDC,
        "ndc_quantity": number,
        "ndc_unit": code(r"UN|ML|GR|F2|ME"),
        "authorization_number": text_of,
        "units": number,
    }
)
REMIT_LINES = (
    OF_THE_ANSWER
    | OF_THE_REMIT
    | OF_THE_SERVICE
    | {
        "remit_line_number": FROM_0,
        "remit_claim_id": text_of,
        "remark_codes": REMARKS,
        "original_hcpcs": HCPCS,
        "paid_units": number,
        "original_units": number,
        "paid_usd": money,
        "allowed_reported_usd": money,
        "interest_usd": money,
        **dict.fromkeys(TYPED_REASONS, money),
        "denied_usd": money,
        "denial_reason": denial_reason,
    }
)
ADJUSTMENTS = {
    "claim_number": text_of,
    "remit_line_number": FROM_0,
    "group_code": group_code,
    "reason_code": reason_code,
    "adjustment_usd": money,
    "adjustment_number": FROM_1,
    "quantity": number,
    "extracted_on": day,
    "remit_claim_id": text_of,
    "payer_code": text_of,
    "payer_name": text_of,
    "payment_date": day,
    "trace_number": text_of,
    "payer_control_number": text_of,
    "status_code": whole(1, 25),
}
ADMINISTRATIONS = {
    "administration_id": text_of,
    "service_date": day,
    "claim_id": text_of,
    "patient_id": text_of,
    "drug": drug,
    "ordered_mg": amount,
    "administered_mg": amount,
    "discarded_mg": amount,
    "discard_reason": text_of,
    "vial_ndc11": NDC,
    "vial_count": amount,
    "route": text_of,
    "site": text_of,
    "started_at": clock,
    "stopped_at": clock,
    "regimen_day": FROM_1,
    "prior_therapies": text_up_to(200),
    "rationale_documented": yes_no,
    "extracted_on": day,
}
COLUMNS: dict[str, dict[str, Reader]] = {
    "administrations": ADMINISTRATIONS,
    "adjustments": ADJUSTMENTS,
    "remit_lines": REMIT_LINES,
    "claim_lines": CLAIM_LINES,
}
# No figure reads these: their names are all that is needed to know them.
ASKS = {"claim_id", "line_number", "asked_on", "ask_usd", "status", "extracted_on"}
KINDS_WITHOUT_FIGURES = {"asks": ASKS}
NOT_READ = {
    "claim_lines": {
        *("transaction_id", "submission_number", "source_offset", "sorted_modifiers"),
        "is_waste_line",
    },
    "remit_lines": {"transaction_id", "source_offset", "sorted_modifiers"},
    "adjustments": {"transaction_id", "source_offset"},
}
KEY_COLUMNS = {
    "administrations": {"administration_id", "service_date"},
    "claim_lines": {"claim_number", "line_number"},
    "remit_lines": {"claim_number", "remit_line_number", "payment_date"},
    "adjustments": {
        *("claim_number", "remit_line_number", "group_code", "reason_code", "adjustment_usd"),
    },
}
# Empty is the claim as a whole.
MAY_BE_EMPTY = {("adjustments", "remit_line_number")}
# What tells the kinds apart, in order: one of these names stands in the header.
TOLD_BY = {
    "asks": {"asked_on", "ask_usd"},
    "administrations": {
        *("administration_id", "administered_mg", "ordered_mg", "discarded_mg"),
    },
    "adjustments": {"adjustment_usd", "reason_code"},
    "remit_lines": {
        *("remit_line_number", "payment_date", "paid_usd", "payer_control_number"),
        "remit_claim_id",
    },
    "claim_lines": {"claim_number", "claim_id"},
}
OTHER_NAMES = {
    "claim_id": "claim_number",
    "payer_id": "payer_code",
    "ndc11": "ndc",
    "billed_units": "units",
    "patient_key": "patient_id",
    "billing_tin": "billing_tax_id",
}
OTHER_NAME_OF_A_REMIT_LINE = {"line_number": "remit_line_number"}


def other_names(kind: str) -> dict[str, str]:
    """Return the names a kind's columns have beside their own."""
    if kind in (*KINDS_WITHOUT_FIGURES, "administrations"):
        return {}
    return OTHER_NAMES | (OTHER_NAME_OF_A_REMIT_LINE if kind != "claim_lines" else {})


def known_names(kind: str) -> set[str]:
    """Return every name a column of this kind may have."""
    if kind in KINDS_WITHOUT_FIGURES:
        return KINDS_WITHOUT_FIGURES[kind]
    columns = set(COLUMNS[kind]) | NOT_READ.get(kind, set())
    return columns | {other for other, name in other_names(kind).items() if name in columns}
