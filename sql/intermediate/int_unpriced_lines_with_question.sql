-- what    every drug line that waits for a price, and the one question that holds it up
-- grain   one row per primary drug line without an expected amount
-- key     claim_id, line_number, payer_id
-- reads   int_line_outcomes_net_of_reversals, int_drug_lines_identified, int_lines_with_unit_price
-- beware  nothing_to_fill_in: no reference file prices that line; lines dropped, returned or sent twice wait for nothing

with

lines as (
    select
        outcomes.claim_id,
        outcomes.line_number,
        outcomes.payer_id,
        outcomes.payer_name,
        outcomes.line_of_business,
        outcomes.service_date,
        outcomes.hcpcs,
        drug_lines.ndc11,
        outcomes.billed_units,
        outcomes.charge_usd,
        outcomes.allowed_usd,
        coalesce(prices.limit_hcpcs, outcomes.hcpcs) as limit_hcpcs,
        coalesce(outcomes.pricing_basis, 'not priced: no reason stated')
            as pricing_basis
    from int_line_outcomes_net_of_reversals as outcomes
    inner join int_drug_lines_identified as drug_lines
        on
            outcomes.claim_id = drug_lines.claim_id
            and outcomes.line_number = drug_lines.line_number
            and outcomes.payer_id = drug_lines.payer_id
            and outcomes.payer_rank = drug_lines.payer_rank
    left join int_lines_with_unit_price as prices
        on
            outcomes.claim_id = prices.claim_id
            and outcomes.line_number = prices.line_number
            and outcomes.payer_id = prices.payer_id
    where
        outcomes.payer_rank = 'primary'
        and outcomes.expected_allowed_usd is null
        and outcomes.outcome not in ('closed_unpaid', 'returned', 'duplicate')
),

questions as (
    select
        *,
        case
            -- a file that names no payer leaves nothing to recognise
            when payer_id = 'unknown:NO NAME' then 'nothing_to_fill_in'
            when pricing_basis = 'not priced: payer not in payers.csv' then 'payer'
            when pricing_basis like 'not priced: line of business unclear%'
                then 'filing_codes'
            when service_date is null then 'nothing_to_fill_in'
            when
                pricing_basis = 'not priced: no term'
                and coalesce(hcpcs, ndc11) is not null
                then 'term'
            when pricing_basis like 'not priced: two terms (%' then 'two_terms'
            when pricing_basis like 'not priced: code replaced%' then 'replaced_code'
            when
                pricing_basis = 'not priced: no CMS payment limit'
                and limit_hcpcs is not null
                then 'payment_limit'
            else 'nothing_to_fill_in'
        end as question
    from lines
    -- a capitated line is decided: it has no price of its own
    where pricing_basis not like 'suppressed:%'
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        question,
        -- a limit is the same for every payer
        case when question <> 'payment_limit' then payer_id end as asked_payer_id,
        case when question <> 'payment_limit' then payer_name end as asked_payer_name,
        case when question = 'term' then line_of_business end
            as asked_line_of_business,
        case
            when question in ('term', 'two_terms', 'replaced_code') then hcpcs
            when question = 'payment_limit' then limit_hcpcs
        end as asked_hcpcs,
        case when question = 'term' and hcpcs is null then ndc11 end as asked_ndc11,
        case
            when question = 'filing_codes' then split_part(pricing_basis, 'unclear ', 2)
            when question = 'two_terms' then split_part(pricing_basis, 'terms ', 2)
            when question = 'replaced_code' then split_part(pricing_basis, 'names ', 2)
            when question = 'nothing_to_fill_in' and service_date is null
                then 'not priced: no service date'
            when question = 'nothing_to_fill_in' then pricing_basis
        end as detail,
        billed_units,
        charge_usd,
        allowed_usd,
        service_date
    from questions
)

select * from final
