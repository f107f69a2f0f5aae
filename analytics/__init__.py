"""Drug money payers owe an infusion or oncology practice: tables, measures and queries.

Loaders return LazyFrames over the current run; measures take and return LazyFrames, so calls chain
and nothing is computed until `.collect()`.
"""

from analytics.errors import AnalyticsError, UsageError
from analytics.measures import (
    MissingColumns,
    denial_rate_by,
    hide_small_cells,
    in_scope,
    price_match_by,
    underpayment_by,
    underpayment_causes_by,
    waste_leakage_by,
)
from analytics.tables import (
    load_claim_line_outcomes,
    load_code_identity,
    load_contract_findings,
    load_drug_line_outcomes,
    load_load_ledger,
    load_medicare_payments,
    load_payer_drug_months,
    load_payer_rates_seen,
    load_provider_adjustments,
    load_reference_questions,
    load_rejects,
    load_remit_balances,
    load_run_info,
    load_underpayment_causes,
    load_waste_ledger,
    sql,
)

__all__ = [
    "AnalyticsError",
    "MissingColumns",
    "UsageError",
    "denial_rate_by",
    "hide_small_cells",
    "in_scope",
    "load_claim_line_outcomes",
    "load_code_identity",
    "load_contract_findings",
    "load_drug_line_outcomes",
    "load_load_ledger",
    "load_medicare_payments",
    "load_payer_drug_months",
    "load_payer_rates_seen",
    "load_provider_adjustments",
    "load_reference_questions",
    "load_rejects",
    "load_remit_balances",
    "load_run_info",
    "load_underpayment_causes",
    "load_waste_ledger",
    "price_match_by",
    "sql",
    "underpayment_by",
    "underpayment_causes_by",
    "waste_leakage_by",
]
