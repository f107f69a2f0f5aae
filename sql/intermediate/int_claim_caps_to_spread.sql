-- what    every line under a cap over its claim, beside what the cap leaves all of them where it takes something
-- grain   one row per primary line of a claim whose lines share a cap
-- key     claim_id, line_number, payer_id
-- reads   int_lines_with_reason, int_lines_at_rate, int_lines_answered_first_and_last
-- beware  lines nobody pays for share no cap with lines that are paid; amount_usd is null where the charges reach the amounts at the rate (RULES 8.6)

with

capped as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        case
            when coalesce(answers.verdict, 'open') in ('denied', 'returned', 'open')
                then 'unpaid:'
            else 'paid:'
        end || coalesce(lines.contract_id, '') as cap,
        lines.charge_usd,
        at_rate.at_rate_usd
    from int_lines_with_reason as lines
    inner join int_lines_at_rate as at_rate
        on
            lines.claim_id = at_rate.claim_id
            and lines.line_number = at_rate.line_number
            and lines.payer_id = at_rate.payer_id
    left join int_lines_answered_first_and_last as answers
        on
            lines.claim_id = answers.claim_id
            and lines.line_number = answers.line_number
            and lines.payer_id = answers.payer_id
            and answers.payer_rank = 'primary'
            and answers.stage = 'final'
    where
        lines.charge_cap = 'claim'
        and lines.reason is null
        and not lines.is_ended
),

caps as (
    select
        claim_id,
        payer_id,
        cap,
        count(*) > count(charge_usd) as is_charge_missing,
        cast(sum(charge_usd) as decimal(18, 2)) as charges_usd,
        cast(sum(at_rate_usd) as decimal(18, 2)) as at_rate_together_usd
    from capped
    group by claim_id, payer_id, cap
),

final as (
    select
        capped.claim_id as owner_id,
        capped.payer_id,
        capped.cap as item,
        capped.claim_id,
        capped.line_number,
        capped.line_number as place,
        capped.cap,
        caps.is_charge_missing,
        cast(capped.at_rate_usd * 100 as decimal(19, 0)) as weight,
        case
            when
                not caps.is_charge_missing
                and caps.charges_usd < caps.at_rate_together_usd
                and caps.at_rate_together_usd > 0
                then caps.charges_usd
        end as amount_usd
    from capped
    inner join caps
        on
            capped.claim_id = caps.claim_id
            and capped.payer_id = caps.payer_id
            and capped.cap = caps.cap
)

select * from final
