"""The kinds of flat extracts and the columns each may have, as `EXTRACTS.md` tells them.

A kind is known by the columns of a file, never by its name. A column is a name and a shape: what
its cells may hold (`cells.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

PAYER_NAMES = ("payer_code", "payer_name")
MODIFIERS = ("modifier_1", "modifier_2", "modifier_3", "modifier_4")


@dataclass(frozen=True)
class ExtractKind:
    """One kind of extract: its columns with their shapes, and which of them it cannot do without.

    `keys` must be columns of the file; `filled` are those no row may leave empty. `marks` are the
    columns that tell a file is of this kind. `unread` are accepted and left alone, `other_names`
    need no mapping. Rows of a file that share `whole_by` are used together or not at all.
    """

    name: str
    keys: tuple[str, ...]
    filled: tuple[str, ...]
    marks: tuple[str, ...]
    columns: dict[str, str]
    unread: tuple[str, ...] = ()
    other_names: dict[str, str] = field(default_factory=dict)
    whole_by: str | None = None

    @property
    def known(self) -> tuple[str, ...]:
        """Every name a column of this kind may have."""
        return (*self.columns, *self.unread, *self.other_names)


def _columns(told: str) -> dict[str, str]:
    """Columns from words: `shape: name name`, shapes divided by semicolons."""
    groups = (group.split(":") for group in told.split(";"))
    return {name: shape.strip() for shape, names in groups for name in names.split()}


def _ordered(shapes: dict[str, str], names: str) -> dict[str, str]:
    return {name: shapes[name] for name in names.split()}


# What tells a sending, an answer or a remit from another stands before what its lines say.
SENDING_COLUMNS = _columns(
    "text: claim_number submission_id; date: submitted_date; text: payer_code payer_name;"
    "rank: payer_rank; frequency: frequency_code; claim_type: claim_type;"
    "filing: filing_code; text: group_number; npi: billing_npi; tax_id: billing_tax_id;"
    "text: original_control_number claim_authorization_number; diagnoses: diagnoses;"
    "text: patient_id; date: statement_date statement_through_date; money: claim_charge_usd;"
    "place: claim_place_of_service"
)
_BILLED = _columns(
    "hcpcs: hcpcs; modifiers: modifiers; modifier: modifier_1 modifier_2 modifier_3 modifier_4;"
    "revenue: revenue_code; place: place_of_service; ndc: ndc; number: ndc_quantity;"
    "ndc_unit: ndc_unit; text: line_control_number authorization_number;"
    "date: service_date service_through_date; number: units; money: charge_usd"
)
ANSWER_COLUMNS = _columns(
    "text: claim_number remit_claim_id payer_code payer_name; date: payment_date;"
    "text: trace_number; npi: payee_npi; tax_id: payee_tax_id; status: status_code;"
    "text: payer_control_number; filing: filing_code; text: group_number;"
    "place: place_of_service; date: claim_service_date claim_service_through_date received_date;"
    "remarks: claim_remark_codes; money: claim_charge_usd claim_paid_usd; text: patient_id;"
    "whole: remit_claim_number"
)
REMIT_COLUMNS = _columns(
    "text: payer_other_code; money: payment_amount_usd provider_adjustment_usd;"
    "credit_debit: credit_debit;"
    "method: payment_method; date: production_date"
)
_ANSWERED = _columns(
    "hcpcs: hcpcs; modifiers: modifiers; modifier: modifier_1 modifier_2 modifier_3 modifier_4;"
    "revenue: revenue_code; hcpcs: original_hcpcs; text: line_control_number;"
    "date: service_date service_through_date; remarks: remark_codes;"
    "number: paid_units original_units; money: charge_usd paid_usd allowed_reported_usd"
    " interest_usd deductible_usd coinsurance_usd copay_usd contractual_usd sequestration_usd"
    " prior_payer_usd denied_usd; denial: denial_reason"
)
# What a row of adjustments may say of the answer it belongs to.
ANSWER_MARKS = (
    *("remit_claim_id", "payer_code", "payer_name", "payment_date", "trace_number"),
    *("payer_control_number", "status_code"),
)
_OTHER_NAMES = {
    "claim_id": "claim_number",
    "payer_id": "payer_code",
    "ndc11": "ndc",
    "billed_units": "units",
    "patient_key": "patient_id",
    "billing_tin": "billing_tax_id",
}
_OF_A_REMIT = {"line_number": "remit_line_number"}

CLAIM_LINES = ExtractKind(
    name="claim_lines",
    keys=("claim_number", "line_number"),
    filled=("claim_number", "line_number"),
    marks=("claim_number",),
    columns={
        **SENDING_COLUMNS,
        "line_number": "whole",
        **_BILLED,
        "extracted_on": "date",
    },
    unread=(
        *("transaction_id", "submission_number", "source_offset"),
        *("sorted_modifiers", "is_waste_line"),
    ),
    other_names=_OTHER_NAMES,
)
REMIT_LINES = ExtractKind(
    name="remit_lines",
    keys=("claim_number", "remit_line_number", "payment_date"),
    filled=("claim_number", "remit_line_number", "payment_date"),
    marks=(
        *("remit_line_number", "payment_date", "paid_usd"),
        *("payer_control_number", "remit_claim_id"),
    ),
    columns={
        **ANSWER_COLUMNS,
        **REMIT_COLUMNS,
        "remit_line_number": "place_number",
        **_ANSWERED,
        "extracted_on": "date",
    },
    unread=("transaction_id", "source_offset", "sorted_modifiers"),
    other_names={
        name: column
        for name, column in {**_OTHER_NAMES, **_OF_A_REMIT}.items()
        if column in (*ANSWER_COLUMNS, "remit_line_number")
    },
)
ADJUSTMENTS = ExtractKind(
    name="adjustments",
    keys=("claim_number", "remit_line_number", "group_code", "reason_code", "adjustment_usd"),
    filled=("claim_number", "group_code", "reason_code", "adjustment_usd"),
    marks=("adjustment_usd", "reason_code"),
    columns={
        "claim_number": "text",
        **_ordered(ANSWER_COLUMNS, " ".join(ANSWER_MARKS)),
        "remit_line_number": "place_number",
        "group_code": "group",
        "reason_code": "reason",
        "adjustment_usd": "money",
        "quantity": "number",
        "adjustment_number": "whole",
        "extracted_on": "date",
    },
    unread=("transaction_id", "source_offset"),
    other_names={"claim_id": "claim_number", "payer_id": "payer_code", **_OF_A_REMIT},
)
ADMINISTRATIONS = ExtractKind(
    name="administrations",
    keys=("administration_id", "service_date"),
    filled=("administration_id", "service_date"),
    marks=("administration_id", "administered_mg", "ordered_mg", "discarded_mg"),
    columns=_columns(
        "text: administration_id claim_id patient_id; date: service_date; drug: drug;"
        "quantity: ordered_mg administered_mg discarded_mg; text: discard_reason;"
        "vial_ndc: vial_ndc11; quantity: vial_count; text: route site;"
        "clock: started_at stopped_at; whole: regimen_day; long_text: prior_therapies;"
        "yes_no: rationale_documented; date: extracted_on"
    ),
    whole_by="administration_id",
)
ASKS = ExtractKind(
    name="asks",
    keys=("claim_id", "line_number", "asked_on", "ask_usd"),
    filled=("claim_id", "line_number", "asked_on", "ask_usd"),
    marks=("asked_on", "ask_usd"),
    columns=_columns(
        "text: claim_id; whole: line_number; date: asked_on; dollars: ask_usd; words: status;"
        "date: extracted_on"
    ),
)
# In the order in which a file is tried.
KINDS = (ASKS, ADMINISTRATIONS, ADJUSTMENTS, REMIT_LINES, CLAIM_LINES)


def kind_of(columns: Iterable[str]) -> ExtractKind | None:
    """The kind of a file with these columns, other names included; None where it is no extract.

    >>> kind_of(["claim_id", "line_number", "hcpcs"]).name, kind_of(["acct", "dos"])
    ('claim_lines', None)
    """
    found = set(columns)
    return next((kind for kind in KINDS if found & _marks(kind)), None)


def _marks(kind: ExtractKind) -> set[str]:
    # A mark under another name marks as well, but `line_number` is of claims and remits alike.
    others = {name for name, column in kind.other_names.items() if column in kind.marks}
    return {*kind.marks, *(others - set(_OF_A_REMIT))}
