-- what    what a cap over the claim leaves each of its lines, where it takes something
-- grain   one row per primary line of a claim whose lines share a cap
-- key     claim_id, line_number, payer_id
-- reads   int_lines_with_reason, int_lines_at_rate
-- beware  ceiling_usd is null where the charges reach the amounts at the rate; a line without a charge leaves the cap unknown (RULES 8.6)

with

capped as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        coalesce(lines.contract_id, '') as contract_id,
        lines.charge_usd,
        at_rate.at_rate_usd
    from int_lines_with_reason as lines
    inner join int_lines_at_rate as at_rate
        on
            lines.claim_id = at_rate.claim_id
            and lines.line_number = at_rate.line_number
            and lines.payer_id = at_rate.payer_id
    where
        lines.charge_cap = 'claim'
        and lines.reason is null
        and not lines.is_ended
),

caps as (
    select
        claim_id,
        payer_id,
        contract_id,
        count(*) as lines_in_cap,
        count(*) > count(charge_usd) as is_charge_missing,
        cast(sum(charge_usd) as decimal(18, 2)) as cap_usd,
        cast(sum(at_rate_usd) as decimal(18, 2)) as at_rate_together_usd
    from capped
    group by claim_id, payer_id, contract_id
),

shares as (
    select
        capped.*,
        caps.lines_in_cap,
        caps.is_charge_missing,
        cast(abs(caps.cap_usd) * 100 as decimal(19, 0)) as amount_cents,
        cast(capped.at_rate_usd * 100 as decimal(19, 0)) as weight,
        cast(caps.at_rate_together_usd * 100 as decimal(19, 0)) as weights,
        caps.cap_usd < 0 as is_negative,
        not caps.is_charge_missing
        and caps.cap_usd < caps.at_rate_together_usd
        and caps.at_rate_together_usd > 0 as is_taken_from
    from capped
    inner join caps
        on
            capped.claim_id = caps.claim_id
            and capped.payer_id = caps.payer_id
            and capped.contract_id = caps.contract_id
),

-- the double quotient can be one off; the exact remainder says so
near_quotients as (
    select
        *,
        cast(
            floor(
                cast(amount_cents * weight as double)
                / nullif(cast(weights as double), 0)
            ) as decimal(19, 0)
        ) as near_cents
    from shares
    where is_taken_from
),

whole_cents as (
    select
        * exclude (near_cents),
        case
            when amount_cents * weight < near_cents * weights then near_cents - 1
            when
                amount_cents * weight
                >= cast(near_cents + 1 as decimal(19, 0)) * weights
                then near_cents + 1
            else near_cents
        end as share_cents
    from near_quotients
),

remainders as (
    select
        *,
        amount_cents * weight - share_cents * weights as remainder,
        amount_cents - sum(share_cents) over (
            partition by claim_id, payer_id, contract_id
        ) as cents_left
    from whole_cents
),

spread as (
    select
        claim_id,
        line_number,
        payer_id,
        cast(
            case when is_negative then -1 else 1 end * (
                share_cents + case
                    when
                        row_number() over (
                            partition by claim_id, payer_id, contract_id
                            order by remainder desc, line_number asc
                        ) <= cents_left
                        then 1
                    else 0
                end
            ) * cast(0.01 as decimal(3, 2)) as decimal(18, 2)
        ) as ceiling_usd
    from remainders
),

final as (
    select
        shares.claim_id,
        shares.line_number,
        shares.payer_id,
        shares.contract_id,
        shares.lines_in_cap,
        shares.is_charge_missing,
        spread.ceiling_usd
    from shares
    left join spread
        on
            shares.claim_id = spread.claim_id
            and shares.line_number = spread.line_number
            and shares.payer_id = spread.payer_id
)

select * from final
