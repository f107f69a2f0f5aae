-- what    expected less allowed of every drug line
-- grain   one row per drug line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_drug_lines_identified, int_line_outcomes_net_of_reversals, int_lines_at_other_limits_at_rate, stg_ref__payers
-- beware  a line without a gap says why in no_gap_basis (RULES 9.1, 9.2)

with

-- paid at a limit whose place before or after the priced one is an estimate of ours
on_estimated_dates as (
    select distinct
        outcomes.claim_id,
        outcomes.line_number,
        outcomes.payer_id
    from int_line_outcomes_net_of_reversals as outcomes
    inner join int_lines_at_other_limits_at_rate as at_rate
        on
            outcomes.claim_id = at_rate.claim_id
            and outcomes.line_number = at_rate.line_number
            and outcomes.payer_id = at_rate.payer_id
    where
        outcomes.payer_rank = 'primary'
        and outcomes.is_priced_at_rate
        and abs(outcomes.allowed_usd - at_rate.amount_usd) <= 0.01
        and abs(outcomes.allowed_usd - outcomes.expected_allowed_usd) > 0.01
        and not outcomes.is_pair
        and not outcomes.is_whole_match
        and not outcomes.is_cap_match
),

lines as (
    select
        outcomes.*,
        outcomes.is_pair or outcomes.is_whole_match or outcomes.is_cap_match
            as is_matched_together,
        payers.look_back_days,
        case
            when
                outcomes.payer_rank <> 'primary'
                then 'not compared: not the primary payer'
            when outcomes.prior_payer_usd <> 0
                then 'not compared: another payer paid first (OA-23)'
            when on_estimated_dates.claim_id is not null
                then 'not compared: the date of a restatement is estimated'
            -- a drug that cost nothing is billed so
            when outcomes.charge_usd <= 1.00
                then 'not compared: token charge'
            when outcomes.outcome not in ('paid', 'partly_denied')
                then 'not compared: outcome ' || outcomes.outcome
            when outcomes.expected_allowed_usd is null
                then 'not compared: ' || outcomes.pricing_basis
            when not outcomes.is_balanced
                then 'not compared: remit line does not balance'
            when outcomes.is_for_replaced_claim
                then 'not compared: payment of the claim before its replacement'
            when outcomes.is_whole_split
                then 'not compared: paid as a whole claim'
        end as no_gap_basis
    from int_line_outcomes_net_of_reversals as outcomes
    inner join int_drug_lines_identified as drug_lines
        on
            outcomes.claim_id = drug_lines.claim_id
            and outcomes.line_number = drug_lines.line_number
            and outcomes.payer_id = drug_lines.payer_id
            and outcomes.payer_rank = drug_lines.payer_rank
    left join on_estimated_dates
        on
            outcomes.claim_id = on_estimated_dates.claim_id
            and outcomes.line_number = on_estimated_dates.line_number
            and outcomes.payer_id = on_estimated_dates.payer_id
            and outcomes.payer_rank = 'primary'
    left join stg_ref__payers as payers
        on outcomes.payer_id = payers.payer_id
),

final as (
    select
        *,
        case
            when no_gap_basis is null then
                cast(expected_allowed_usd - allowed_usd as decimal(18, 2))
        end as gap_usd
    from lines
)

select * from final
