"""The columns, kinds and keys of every reference CSV a site may keep.

A *kind* says how a cell is tidied and what it may hold (`cells.py`). `required` columns
must be there and filled. `empty` is what an empty cell means where that is not simply "unknown".
Keys and merging follow `sql/RULES.md` 1.5.

`NOTE_COLUMNS` may stand in any file and decide nothing: `analytics init` writes there what it saw.
"""

from dataclasses import dataclass

LINES_OF_BUSINESS = ("commercial", "medicare_ffs", "medicare_advantage", "medicaid", "other")
CLAIM_TYPES = ("professional", "institutional")
PAYER_RANKS = ("primary", "secondary", "tertiary")
METHODS = (
    "fixed", "pct_of_limit", "asp_plus", "awp_minus", "wac_plus", "pct_of_charge",
    "capitated", "case_rate", "not_covered",
)  # fmt: skip
EFFECTS = ("reduces_allowed", "patient", "payment_only", "prior_payer", "informational")
ANY = "*"
NOTE_COLUMNS = ("seen_lines", "seen_usd", "seen_note")


@dataclass(frozen=True)
class Column:
    """One column: its name, the kind of its cells, and what an empty cell means."""

    name: str
    kind: str = "text"
    values: tuple[str, ...] = ()
    required: bool = False
    empty: str | None = None


@dataclass(frozen=True)
class ReferenceFile:
    """One reference CSV: its columns, the key no two rows share, how it meets the shipped one.

    `asked` are the columns that say what a row is about. A row that `analytics init` wrote and that
    holds nothing else is open: a question, not yet an answer; `named` may be filled in too, it
    decides nothing. Without `asked` no row is ever open.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_merged: bool = False
    asked: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """The raw table the models read."""
        return f"raw_ref__{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """The published columns, in their order."""
        return tuple(column.name for column in self.columns)


def _text(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def _needed(name: str, kind: str = "text", values: tuple[str, ...] = ()) -> Column:
    return Column(name, kind, values, required=True)


def _kind(kind: str, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, kind) for name in names)


def _category(name: str, *values: str) -> Column:
    return Column(name, "category", values)


def _any_of(name: str, *values: str) -> Column:
    return Column(name, "category", (*values, ANY), empty=ANY)


def _any(name: str, kind: str = "text") -> Column:
    return Column(name, kind, empty=ANY)


IN_FORCE = _kind("date", "effective_from", "effective_through")
# What every file of `analytics load-cms` says of a row, and how a package is counted there.
PUBLISHED = (_needed("published_on", "date"), *_text("published_on_basis", "source"))
PACKAGED = _kind(
    "amount", "package_size", "package_quantity", "bill_units", "bill_units_per_package"
)

REFERENCE_FILES: tuple[ReferenceFile, ...] = (
    ReferenceFile(
        "payers",
        (
            _needed("payer_id"),
            *_text("payer_name"),
            _category("line_of_business", *LINES_OF_BUSINESS),
            *_kind("whole", "appeal_days", "look_back_days", "corrected_claim_days", "filing_days"),
        ),
        key=("payer_id",),
    ),
    ReferenceFile(
        "payer_aliases",
        (_needed("alias"), _needed("payer_id")),
        key=("alias",),
        asked=("alias",),
    ),
    ReferenceFile(
        "payer_lines",
        (
            _needed("payer_id"),
            *_kind("code", "filing_code", "group_number"),
            _needed("line_of_business", "category", LINES_OF_BUSINESS),
        ),
        key=("payer_id", "filing_code", "group_number"),
        asked=("payer_id", "filing_code"),
    ),
    ReferenceFile(
        "contract_terms",
        (
            *_text("term_id", "contract_id"),
            _needed("payer_id"),
            _any_of("line_of_business", *LINES_OF_BUSINESS),
            _any_of("claim_type", *CLAIM_TYPES),
            _any("billing_id", "code"),
            *_kind("ndc", "ndc11"),
            *_kind("hcpcs", "hcpcs"),
            *_kind("drug", "drug"),
            _needed("method", "category", METHODS),
            *_kind("rate", "rate"),
            *_kind("decimals", "price_decimals"),
            _category("charge_cap", "none", "line", "claim"),
            _category("price_vintage", "first", "latest"),
            *_kind("whole", "price_lag_days"),
            *_kind("yes_no", "sequestration"),
            *IN_FORCE,
            *_kind("date", "recorded_on"),
            *_text("clause"),
        ),
        key=(),
        asked=("payer_id", "line_of_business", "ndc11", "hcpcs"),
        named=("contract_id",),
    ),
    ReferenceFile(
        "payer_policies",
        (
            _any("payer_id"),
            _any_of("line_of_business", *LINES_OF_BUSINESS),
            _any_of("claim_type", *CLAIM_TYPES),
            _any_of("payer_rank", *PAYER_RANKS),
            _any("hcpcs", "hcpcs"),
            *_kind(
                "yes_no",
                "covered",
                "pays_waste",
                "requires_jw",
                "requires_jz",
                "requires_prior_auth",
                "requires_step_therapy",
                "specialty_pharmacy",
            ),
            *_text("um_contact"),
            *IN_FORCE,
            *_text("source"),
        ),
        key=("payer_id", "line_of_business", "claim_type", "payer_rank", "hcpcs", "effective_from"),
        is_merged=True,
        asked=("payer_id", "line_of_business"),
    ),
    ReferenceFile(
        "house_codes",
        (
            _needed("hcpcs", "hcpcs"),
            _needed("drug", "drug"),
            _needed("unit_mg", "positive"),
            *IN_FORCE,
            *_text("source"),
        ),
        key=("hcpcs", "effective_from"),
    ),
    ReferenceFile(
        "drug_codes",
        (
            _needed("hcpcs", "hcpcs"),
            *_kind("drug", "drug"),
            *_text("descriptor"),
            *_kind("positive", "unit_mg"),
            *_kind("yes_no", "is_biosimilar", "is_unlisted"),
            *IN_FORCE,
            *_text("source"),
        ),
        key=("hcpcs", "effective_from"),
        is_merged=True,
        asked=("hcpcs",),
    ),
    ReferenceFile(
        "code_successors",
        (
            _needed("old_hcpcs", "hcpcs"),
            _needed("new_hcpcs", "hcpcs"),
            *_kind("date", "effective_from"),
            *_text("source"),
        ),
        key=("old_hcpcs", "new_hcpcs"),
        is_merged=True,
    ),
    ReferenceFile(
        "drug_packages",
        (
            _needed("ndc11", "ndc"),
            _needed("drug", "drug"),
            *_kind("hcpcs", "hcpcs"),
            *_kind("positive", "package_mg", "billable_mg", "package_quantity"),
            _category("quantity_unit", "UN", "ML"),
            *_kind("yes_no", "single_dose"),
            *_text("source"),
        ),
        key=("ndc11", "hcpcs"),
        is_merged=True,
        asked=("ndc11",),
    ),
    ReferenceFile(
        "payment_limits",
        (
            _needed("effective_quarter", "quarter"),
            _needed("hcpcs", "hcpcs"),
            _needed("published_on", "date"),
            *_text("published_on_basis"),
            *_kind("price", "payment_limit"),
            *_kind("percent", "coinsurance_pct"),
            *_text("notes", "source"),
        ),
        key=("effective_quarter", "hcpcs", "published_on"),
        is_merged=True,
    ),
    ReferenceFile(
        "ndc_crosswalk",
        (
            _needed("effective_quarter", "quarter"),
            _needed("ndc11", "ndc"),
            _needed("hcpcs", "hcpcs"),
            *PACKAGED,
            *_text("drug_name"),
            *PUBLISHED,
        ),
        key=("effective_quarter", "ndc11", "hcpcs", "published_on"),
        is_merged=True,
    ),
    ReferenceFile(
        "noc_prices",
        (
            _needed("effective_quarter", "quarter"),
            _needed("drug_name"),
            *_text("dosage"),
            *_kind("amount", "payment_limit"),
            *_text("notes"),
            *PUBLISHED,
        ),
        key=("effective_quarter", "drug_name", "dosage", "published_on"),
        is_merged=True,
    ),
    ReferenceFile(
        "noc_packages",
        (
            _needed("effective_quarter", "quarter"),
            _needed("ndc11", "ndc"),
            *_text("drug_name", "dosage"),
            *PACKAGED,
            *PUBLISHED,
        ),
        key=("effective_quarter", "ndc11", "drug_name", "dosage", "published_on"),
        is_merged=True,
    ),
    ReferenceFile(
        "hcpcs_codes",
        (
            _needed("hcpcs", "hcpcs"),
            *_text("long_descriptor", "short_descriptor", "coverage"),
            *_kind("date", "added_on"),
            *_text("action"),
            *_kind("date", "action_on", "terminated_on"),
            *PUBLISHED,
        ),
        key=("hcpcs", "published_on"),
        is_merged=True,
    ),
    ReferenceFile(
        "opps_status",
        (
            _needed("effective_from", "date"),
            _needed("hcpcs", "hcpcs"),
            *_kind("code", "status_indicator", "apc"),
            *_kind(
                "amount",
                "payment_rate",
                "national_copayment",
                "minimum_copayment",
                "adjusted_copayment",
            ),
            *_kind("percent", "coinsurance_pct"),
            *_text("notes"),
            *PUBLISHED,
        ),
        key=("effective_from", "hcpcs", "published_on"),
        is_merged=True,
    ),
    ReferenceFile(
        "list_prices",
        (
            *_kind("hcpcs", "hcpcs"),
            *_kind("ndc", "ndc11"),
            _needed("per", "category", ("unit", "mg")),
            _needed("price_kind", "category", ("awp", "wac", "acquisition")),
            _needed("price", "positive"),
            *_kind("date", "effective_from"),
            *_text("source"),
        ),
        key=("hcpcs", "ndc11", "price_kind", "effective_from"),
    ),
    ReferenceFile(
        "denial_reasons",
        (
            _needed("code_set", "category", ("CARC", "RARC")),
            _needed("code", "code"),
            _any_of("group_code", "CO", "PR", "OA", "PI", "CR"),
            *_kind("code", "rarc"),
            _any("payer_id"),
            *_kind("whole", "precedence"),
            _needed("denial_class", "snake_case"),
            _category("counts_as_denial", "yes", "no", "apart"),
            _category("effect", *EFFECTS),
            *_text("meaning"),
        ),
        key=("code_set", "code", "group_code", "rarc", "payer_id"),
        is_merged=True,
    ),
    ReferenceFile(
        "label_indications",
        (
            _needed("drug", "drug"),
            _needed("diagnosis_prefix", "code"),
            *_kind("yes_no", "requires_prior_therapy"),
            *IN_FORCE,
            *_text("source"),
        ),
        key=("drug", "diagnosis_prefix", "effective_from"),
    ),
)
