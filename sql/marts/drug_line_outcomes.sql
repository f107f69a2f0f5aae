-- what    every billed drug line: what it is, what it should have been allowed, the gap
-- grain   one row per drug line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   claim_line_outcomes, int_line_outcomes_net_of_reversals, int_drug_lines_identified, int_gaps_split
-- beware  gap_usd is null where nothing is compared; gap_basis says why

select
    claim_line_outcomes.*,
    drug_lines.ndc11,
    drug_lines.drug,
    drug_lines.identity_basis,
    drug_lines.has_unknown_ndc,
    drug_lines.unit_mg,
    outcomes.is_waste_line,
    outcomes.term_id,
    outcomes.contract_id,
    outcomes.clause,
    gaps.gap_usd,
    gaps.penny_usd,
    gaps.pair_offset_usd,
    gaps.shortfall_usd,
    gaps.overpaid_usd,
    gaps.payer_owed_usd,
    gaps.patient_owed_usd,
    gaps.unsupported_cut_usd,
    gaps.past_window_usd,
    gaps.ask_usd,
    coalesce(outcomes.charge_limited_usd, 0) as charge_limited_usd,
    gaps.denied_expected_usd,
    gaps.recovered_usd,
    gaps.recovered_on,
    gaps.refund_basis,
    case
        when outcomes.payer_rank = 'primary' then outcomes.lag_effect_usd
        else cast(0 as decimal(18, 2))
    end as lag_effect_usd,
    coalesce(gaps.no_gap_basis, 'compared: ' || outcomes.pricing_basis) as gap_basis
from claim_line_outcomes
inner join int_line_outcomes_net_of_reversals as outcomes
    on
        claim_line_outcomes.claim_id = outcomes.claim_id
        and claim_line_outcomes.line_number = outcomes.line_number
        and claim_line_outcomes.payer_id = outcomes.payer_id
        and claim_line_outcomes.payer_rank = outcomes.payer_rank
inner join int_drug_lines_identified as drug_lines
    on
        claim_line_outcomes.claim_id = drug_lines.claim_id
        and claim_line_outcomes.line_number = drug_lines.line_number
        and claim_line_outcomes.payer_id = drug_lines.payer_id
        and claim_line_outcomes.payer_rank = drug_lines.payer_rank
inner join int_gaps_split as gaps
    on
        claim_line_outcomes.claim_id = gaps.claim_id
        and claim_line_outcomes.line_number = gaps.line_number
        and claim_line_outcomes.payer_id = gaps.payer_id
        and claim_line_outcomes.payer_rank = gaps.payer_rank
