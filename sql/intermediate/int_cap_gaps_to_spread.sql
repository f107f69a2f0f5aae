-- what    gaps of lines that share a cap over their claim, some short and some over, beside what is left of them together
-- grain   one row per paid drug line of a cap that took something
-- key     claim_id, line_number, payer_id
-- reads   int_gaps_with_denied_part
-- beware  the price is the claim's: what is short on all of them is short, whatever the payer gave to which line (RULES 9.2)

with

lines as (
    select
        claim_id,
        line_number,
        payer_id,
        cap,
        gap_usd
    from int_gaps_with_denied_part
    where
        payer_rank = 'primary'
        and ceiling_usd is not null
        and gap_usd is not null
        and outcome = 'paid'
        and not is_matched_together
        and not is_answered_as_whole
),

caps as (
    select
        claim_id,
        payer_id,
        cap,
        cast(sum(gap_usd) as decimal(18, 2)) as gap_together_usd
    from lines
    group by claim_id, payer_id, cap
    having min(gap_usd) < 0 and max(gap_usd) > 0
),

final as (
    select
        lines.claim_id as owner_id,
        lines.payer_id,
        lines.cap as item,
        lines.claim_id,
        lines.line_number,
        lines.line_number as place,
        case
            when abs(caps.gap_together_usd) > 0.01 then caps.gap_together_usd
            else cast(0 as decimal(18, 2))
        end as amount_usd,
        cast(
            greatest(
                0,
                case when caps.gap_together_usd < 0 then -1 else 1 end * lines.gap_usd
            ) * 100 as decimal(19, 0)
        ) as weight
    from lines
    inner join caps
        on
            lines.claim_id = caps.claim_id
            and lines.payer_id = caps.payer_id
            and lines.cap = caps.cap
)

select * from final
