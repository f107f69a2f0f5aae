-- what    every short or overpaid line with what it was priced by: the lines whose causes are looked for
-- grain   one row per drug line with a shortfall or an overpayment
-- key     claim_id, line_number, payer_id
-- reads   int_gaps_split, int_line_outcomes_net_of_reversals, int_lines_priced_at_contract, int_lines_seeking_term, int_lines_with_unit_price
-- beware  line_gap_usd is shortfall less overpaid: what was denied went first (RULES 16.1); only primary lines have a gap

select
    gaps.claim_id,
    gaps.line_number,
    gaps.payer_id,
    outcomes.payer_name,
    cast(gaps.shortfall_usd - gaps.overpaid_usd as decimal(18, 2)) as line_gap_usd,
    gaps.denied_expected_usd,
    outcomes.allowed_usd,
    prices.expected_allowed_usd,
    prices.is_priced_at_rate,
    outcomes.hcpcs,
    outcomes.remit_hcpcs,
    outcomes.billed_units,
    outcomes.paid_units,
    outcomes.stated_paid_units,
    outcomes.charge_usd,
    outcomes.service_date,
    outcomes.service_through_date,
    lines.claim_type,
    lines.billing_npi,
    lines.billing_tax_id,
    lines.line_of_business,
    lines.ndc11,
    lines.drug,
    lines.unit_mg,
    lines.cms_hcpcs,
    lines.drug_cms_unit_mg,
    lines.is_house_code,
    looked_up.first_paid_date,
    looked_up.row_id,
    looked_up.term_id,
    looked_up.contract_id,
    looked_up.recorded_on,
    looked_up.method,
    looked_up.rate,
    looked_up.price_decimals,
    looked_up.charge_cap,
    prices.ceiling_usd,
    looked_up.price_source,
    looked_up.price_usd,
    looked_up.price_mg,
    looked_up.limit_hcpcs,
    looked_up.effective_quarter,
    looked_up.published_on,
    looked_up.list_row_id,
    looked_up.list_key_distance
from int_gaps_split as gaps
inner join int_line_outcomes_net_of_reversals as outcomes
    on
        gaps.claim_id = outcomes.claim_id
        and gaps.line_number = outcomes.line_number
        and gaps.payer_id = outcomes.payer_id
        and gaps.payer_rank = outcomes.payer_rank
inner join int_lines_priced_at_contract as prices
    on
        gaps.claim_id = prices.claim_id
        and gaps.line_number = prices.line_number
        and gaps.payer_id = prices.payer_id
inner join int_lines_seeking_term as lines
    on
        gaps.claim_id = lines.claim_id
        and gaps.line_number = lines.line_number
        and gaps.payer_id = lines.payer_id
        and lines.candidate = 1
left join int_lines_with_unit_price as looked_up
    on
        gaps.claim_id = looked_up.claim_id
        and gaps.line_number = looked_up.line_number
        and gaps.payer_id = looked_up.payer_id
where gaps.shortfall_usd > 0 or gaps.overpaid_usd > 0
