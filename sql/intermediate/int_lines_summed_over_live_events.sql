-- what    the dollars of every line's live answers, added, and how its last answer was matched
-- grain   one row per claim line, payer and rank that a live event answers
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_event_lines
-- beware  only live events that speak about money are summed; a reversed payment is in none (RULES 6.1)

with

live_sums as (
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        min(payment_date) as first_paid_date,
        max(payment_date) as last_paid_date,
        max(case when allowed_usd <> 0 then payment_date end) as last_money_date,
        max(case when has_claim_level_cut then 1 else 0 end) = 1
            as has_claim_level_cut,
        max(case when is_for_replaced_claim then 1 else 0 end) = 1
            as is_for_replaced_claim,
        cast(sum(allowed_usd) as decimal(18, 2)) as allowed_usd,
        cast(sum(allowed_reported_usd) as decimal(18, 2)) as allowed_reported_usd,
        cast(sum(paid_usd) as decimal(18, 2)) as paid_usd,
        cast(sum(patient_usd) as decimal(18, 2)) as patient_usd,
        cast(sum(deductible_usd) as decimal(18, 2)) as deductible_usd,
        cast(sum(coinsurance_usd) as decimal(18, 2)) as coinsurance_usd,
        cast(sum(copay_usd) as decimal(18, 2)) as copay_usd,
        cast(sum(payment_only_usd) as decimal(18, 2)) as payment_only_usd,
        cast(sum(sequestration_usd) as decimal(18, 2)) as sequestration_usd,
        cast(sum(paid_to_patient_usd) as decimal(18, 2)) as paid_to_patient_usd,
        cast(sum(prior_payer_usd) as decimal(18, 2)) as prior_payer_usd,
        cast(sum(interest_usd) as decimal(18, 2)) as interest_usd,
        cast(sum(balance_bill_usd) as decimal(18, 2)) as balance_bill_usd,
        min(is_balanced) as is_balanced
    from int_event_lines
    where event_state = 'live' and speaks
    group by claim_id, line_number, payer_id, payer_rank
),

last_matches as (
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        match_method
    from int_event_lines
    where event_state = 'live'
    qualify
        row_number() over (
            partition by claim_id, line_number, payer_id, payer_rank
            order by case when speaks then 0 else 1 end, event_order desc
        ) = 1
),

final as (
    select
        last_matches.claim_id,
        last_matches.line_number,
        last_matches.payer_id,
        last_matches.payer_rank,
        last_matches.match_method,
        live_sums.* exclude (claim_id, line_number, payer_id, payer_rank)
    from last_matches
    left join live_sums
        on
            last_matches.claim_id = live_sums.claim_id
            and last_matches.line_number = live_sums.line_number
            and last_matches.payer_id = live_sums.payer_id
            and last_matches.payer_rank = live_sums.payer_rank
)

select * from final
