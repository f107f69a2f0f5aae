-- what    paid lines whose term is priced at a rate, with what the term says of them
-- grain   one row per paid line whose term is priced at a rate
-- key     claim_id, line_number, payer_id
-- reads   int_gaps_split, int_line_outcomes_net_of_reversals
-- beware  lines the charge limited say nothing about a rate and are not here; a line paid as one with others has no rate of its own (RULES 18.1)

with

lines as (
    select
        outcomes.claim_id,
        outcomes.line_number,
        outcomes.payer_id,
        outcomes.payer_name,
        outcomes.line_of_business,
        coalesce(outcomes.claim_type, 'not stated') as claim_type,
        outcomes.term_id,
        coalesce(outcomes.hcpcs, 'no code') as hcpcs,
        outcomes.service_date,
        cast(date_trunc('week', outcomes.service_date) as date) as service_week,
        outcomes.method,
        outcomes.rate,
        regexp_replace(cast(outcomes.rate as varchar), '[.]?0+$', '') as rate_text,
        regexp_replace(cast(outcomes.unit_price_usd as varchar), '[.]?0+$', '')
            as price_text,
        outcomes.billed_units as units,
        outcomes.charge_usd,
        outcomes.unit_price_usd,
        outcomes.expected_allowed_usd,
        outcomes.allowed_usd,
        gaps.shortfall_usd,
        gaps.overpaid_usd,
        gaps.match_basis is not null as is_at_term,
        coalesce(gaps.match_basis, 'line') = 'line' and outcomes.allowed_usd > 0
            as has_own_rate,
        case
            when outcomes.method = 'pct_of_charge' then 'percent_of_charge'
            when outcomes.price_source in ('limit', 'opps') then 'percent_of_limit'
            else 'dollars_per_unit'
        end as rate_basis
    from int_gaps_split as gaps
    inner join int_line_outcomes_net_of_reversals as outcomes
        on
            gaps.claim_id = outcomes.claim_id
            and gaps.line_number = outcomes.line_number
            and gaps.payer_id = outcomes.payer_id
            and gaps.payer_rank = outcomes.payer_rank
    where
        gaps.gap_usd is not null
        and outcomes.outcome = 'paid'
        and outcomes.is_priced_at_rate
        and outcomes.billed_units > 0
        and coalesce(outcomes.charge_limited_usd, 0) = 0
),

final as (
    select
        * exclude (rate_text, price_text),
        case method
            when 'pct_of_limit' then rate_text || '% of the CMS limit'
            when 'asp_plus' then 'ASP plus ' || rate_text || '%'
            when 'awp_minus' then 'AWP less ' || rate_text || '%'
            when 'wac_plus' then 'WAC plus ' || rate_text || '%'
            when 'pct_of_charge' then rate_text || '% of the charge'
            else '$' || price_text || ' a unit'
        end as term_says
    from lines
)

select * from final
