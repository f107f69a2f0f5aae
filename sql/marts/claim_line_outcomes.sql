-- what    every billed line and what became of it at each payer
-- grain   one row per claim line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_gaps_split, int_line_outcomes_net_of_reversals
-- beware  secondary payers have rows of their own; sum primary rows for one answer a line

select
    outcomes.claim_id,
    outcomes.line_number,
    outcomes.payer_id,
    outcomes.payer_rank,
    outcomes.patient_key,
    outcomes.payer_name,
    outcomes.line_of_business,
    outcomes.claim_type,
    outcomes.billing_id,
    outcomes.place_of_service,
    outcomes.service_date,
    outcomes.service_through_date,
    outcomes.submitted_date,
    outcomes.first_paid_date,
    outcomes.last_paid_date,
    outcomes.hcpcs,
    outcomes.remit_hcpcs,
    nullif(outcomes.modifiers, '') as modifiers,
    outcomes.billed_units,
    outcomes.paid_units,
    outcomes.charge_usd,
    outcomes.allowed_usd,
    outcomes.allowed_reported_usd,
    outcomes.paid_usd,
    outcomes.patient_usd,
    outcomes.deductible_usd,
    outcomes.coinsurance_usd,
    outcomes.copay_usd,
    outcomes.patient_other_usd,
    outcomes.payment_only_usd,
    outcomes.sequestration_usd,
    outcomes.paid_to_patient_usd,
    outcomes.prior_payer_usd,
    outcomes.interest_usd,
    outcomes.balance_bill_usd,
    outcomes.expected_allowed_usd,
    outcomes.initial_allowed_usd,
    outcomes.initial_paid_usd,
    outcomes.outcome,
    outcomes.initial_outcome,
    outcomes.final_reason,
    outcomes.liability,
    outcomes.denial_class,
    outcomes.denial_reason,
    outcomes.initial_denial_class,
    outcomes.is_mature,
    outcomes.open_days,
    outcomes.match_method,
    gaps.match_basis,
    outcomes.billed_basis,
    outcomes.pricing_basis,
    outcomes.source_file,
    outcomes.source_offset
from int_line_outcomes_net_of_reversals as outcomes
left join int_gaps_split as gaps
    on
        outcomes.claim_id = gaps.claim_id
        and outcomes.line_number = gaps.line_number
        and outcomes.payer_id = gaps.payer_id
        and outcomes.payer_rank = gaps.payer_rank
