"""The columns, kinds and keys of every reference CSV a site may keep.

What a kind and a key are says `shapes.py`; keys and merging follow `sql/RULES.md` 1.5.

`NOTE_COLUMNS` may stand in any file and decide nothing: `analytics init` writes there what it saw.
"""

from analytics.reference.cms_files import CMS_FILES
from analytics.reference.shapes import (
    ReferenceFile,
    any_cell,
    any_of,
    category,
    needed,
    of_kind,
    text,
)

LINES_OF_BUSINESS = ("commercial", "medicare_ffs", "medicare_advantage", "medicaid", "other")
CLAIM_TYPES = ("professional", "institutional")
PAYER_RANKS = ("primary", "secondary", "tertiary")
METHODS = (
    "fixed", "pct_of_limit", "asp_plus", "awp_minus", "wac_plus", "pct_of_charge",
    "capitated", "case_rate", "not_covered",
)  # fmt: skip
EFFECTS = ("reduces_allowed", "patient", "payment_only", "prior_payer", "informational")
DOCUMENTATION_CHECKS = (
    "ndc", "dose_units", "waste_units", "waste_modifier", "authorization", "diagnosis",
    "prior_therapy", "administration_procedure", "distinct_service", "infusion_record",
    "drug_source", "step_therapy", "rationale", "reference_current",
)  # fmt: skip
NOTE_COLUMNS = ("seen_lines", "seen_usd", "seen_note")

IN_FORCE = of_kind("date", "effective_from", "effective_through")

REFERENCE_FILES: tuple[ReferenceFile, ...] = (
    ReferenceFile(
        "payers",
        (
            needed("payer_id"),
            *text("payer_name"),
            category("line_of_business", *LINES_OF_BUSINESS),
            *of_kind(
                "whole", "appeal_days", "look_back_days", "corrected_claim_days", "filing_days"
            ),
        ),
        key=("payer_id",),
    ),
    ReferenceFile(
        "payer_aliases",
        (needed("alias"), needed("payer_id")),
        key=("alias",),
        asked=("alias",),
    ),
    ReferenceFile(
        "payer_lines",
        (
            needed("payer_id"),
            *of_kind("code", "filing_code", "group_number"),
            needed("line_of_business", "category", LINES_OF_BUSINESS),
        ),
        key=("payer_id", "filing_code", "group_number"),
        asked=("payer_id", "filing_code"),
    ),
    ReferenceFile(
        "contract_terms",
        (
            *text("term_id", "contract_id"),
            needed("payer_id"),
            any_of("line_of_business", *LINES_OF_BUSINESS),
            any_of("claim_type", *CLAIM_TYPES),
            any_cell("billing_id", "code"),
            *of_kind("ndc", "ndc11"),
            *of_kind("hcpcs", "hcpcs"),
            *of_kind("drug", "drug"),
            needed("method", "category", METHODS),
            *of_kind("rate", "rate"),
            *of_kind("decimals", "price_decimals"),
            category("charge_cap", "none", "line", "claim"),
            category("price_vintage", "first", "latest"),
            *of_kind("whole", "price_lag_days"),
            *of_kind("yes_no", "sequestration"),
            *IN_FORCE,
            *of_kind("date", "recorded_on"),
            *text("clause"),
        ),
        key=(),
        asked=("payer_id", "line_of_business", "ndc11", "hcpcs"),
        named=("contract_id",),
    ),
    ReferenceFile(
        "payer_policies",
        (
            any_cell("payer_id"),
            any_of("line_of_business", *LINES_OF_BUSINESS),
            any_of("claim_type", *CLAIM_TYPES),
            any_of("payer_rank", *PAYER_RANKS),
            any_cell("hcpcs", "hcpcs"),
            *of_kind(
                "yes_no",
                "covered",
                "pays_waste",
                "requires_jw",
                "requires_jz",
                "requires_prior_auth",
                "requires_step_therapy",
                "specialty_pharmacy",
            ),
            *text("um_contact"),
            *IN_FORCE,
            *text("source"),
        ),
        key=("payer_id", "line_of_business", "claim_type", "payer_rank", "hcpcs", "effective_from"),
        is_merged=True,
        asked=("payer_id", "line_of_business"),
    ),
    ReferenceFile(
        "house_codes",
        (
            needed("hcpcs", "hcpcs"),
            needed("drug", "drug"),
            needed("unit_mg", "positive"),
            *IN_FORCE,
            *text("source"),
        ),
        key=("hcpcs", "effective_from"),
    ),
    ReferenceFile(
        "drug_codes",
        (
            needed("hcpcs", "hcpcs"),
            *of_kind("drug", "drug"),
            *text("descriptor"),
            *of_kind("positive", "unit_mg"),
            *of_kind("yes_no", "is_biosimilar", "is_unlisted"),
            *IN_FORCE,
            *text("source"),
        ),
        key=("hcpcs", "effective_from"),
        is_merged=True,
        asked=("hcpcs",),
    ),
    ReferenceFile(
        "code_successors",
        (
            needed("old_hcpcs", "hcpcs"),
            needed("new_hcpcs", "hcpcs"),
            *of_kind("date", "effective_from"),
            *text("source"),
        ),
        key=("old_hcpcs", "new_hcpcs"),
        is_merged=True,
    ),
    ReferenceFile(
        "drug_packages",
        (
            needed("ndc11", "ndc"),
            needed("drug", "drug"),
            *of_kind("hcpcs", "hcpcs"),
            *of_kind("positive", "package_mg", "billable_mg", "package_quantity"),
            category("quantity_unit", "UN", "ML"),
            *of_kind("yes_no", "single_dose"),
            *text("source"),
        ),
        key=("ndc11", "hcpcs"),
        is_merged=True,
        asked=("ndc11",),
    ),
    *CMS_FILES,
    ReferenceFile(
        "list_prices",
        (
            *of_kind("hcpcs", "hcpcs"),
            *of_kind("ndc", "ndc11"),
            needed("per", "category", ("unit", "mg")),
            needed("price_kind", "category", ("awp", "wac", "acquisition")),
            needed("price", "positive"),
            *of_kind("date", "effective_from"),
            *text("source"),
        ),
        key=("hcpcs", "ndc11", "price_kind", "effective_from"),
    ),
    ReferenceFile(
        "denial_reasons",
        (
            needed("code_set", "category", ("CARC", "RARC")),
            needed("code", "code"),
            any_of("group_code", "CO", "PR", "OA", "PI", "CR"),
            *of_kind("code", "rarc"),
            any_cell("payer_id"),
            *of_kind("whole", "precedence"),
            needed("denial_class", "snake_case"),
            category("counts_as_denial", "yes", "no", "apart"),
            category("effect", *EFFECTS),
            *text("meaning"),
        ),
        key=("code_set", "code", "group_code", "rarc", "payer_id"),
        is_merged=True,
    ),
    ReferenceFile(
        "label_indications",
        (
            needed("drug", "drug"),
            needed("diagnosis_prefix", "code"),
            *of_kind("drug", "with_drug"),
            *of_kind("yes_no", "requires_prior_therapy"),
            *IN_FORCE,
            *text("source"),
        ),
        key=("drug", "diagnosis_prefix", "with_drug", "effective_from"),
    ),
    ReferenceFile(
        "administration_codes",
        (needed("code_prefix", "code"), *text("source")),
        key=("code_prefix",),
    ),
    ReferenceFile(
        "documentation_weights",
        (
            needed("check", "category", DOCUMENTATION_CHECKS),
            needed("weight", "whole"),
            *text("reason"),
        ),
        key=("check",),
    ),
    ReferenceFile(
        "discarded_shares",
        (
            needed("hcpcs", "hcpcs"),
            needed("year", "year"),
            needed("discarded_share", "fraction"),
            *text("source"),
        ),
        key=("hcpcs", "year"),
    ),
)
