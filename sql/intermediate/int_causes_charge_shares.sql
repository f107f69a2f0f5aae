-- what    the share of a charge that the units paid come to, at a term that is a percent of the charge
-- grain   one row per short or overpaid line of such a term whose paid units are known
-- key     claim_id, line_number, payer_id
-- reads   int_causes_lines
-- beware  charge x percent x paid units / billed units, one division, last, to the cent; the caps come after it (RULES 16.3)

with

-- of units without their sign, so that a credit is rounded away from zero too; beyond
-- ten billion units a count says nothing, and the product would not fit
shares as (
    select
        claim_id,
        line_number,
        payer_id,
        charge_usd,
        charge_cap,
        ceiling_usd,
        cast(
            cast(
                cast(charge_usd as decimal(16, 2))
                * cast(rate * cast(0.01 as decimal(3, 2)) as decimal(9, 6))
                as decimal(25, 8)
            ) * cast(abs(paid_units) as decimal(13, 3)) as decimal(38, 11)
        ) as dividend,
        case when paid_units < 0 then -1 else 1 end as units_sign,
        cast(billed_units as decimal(13, 3)) as divisor
    from int_causes_lines
    where
        is_priced_at_rate
        and method = 'pct_of_charge'
        and paid_units <> billed_units
        and billed_units > 0
        and billed_units < 10000000000
        and abs(paid_units) < 10000000000
),

-- a double quotient, then corrected by the exact remainder
near_shares as (
    select
        *,
        cast(
            cast(dividend as double) / nullif(cast(divisor as double), 0)
            as decimal(18, 2)
        ) as near_usd
    from shares
),

remainders as (
    select
        *,
        (dividend - cast(near_usd as decimal(19, 2)) * divisor) * 2 as twice_remainder,
        divisor * cast(0.01 as decimal(3, 2)) as one_step
    from near_shares
),

nearest as (
    select
        *,
        cast(
            cast(
                near_usd + case
                    when twice_remainder >= one_step then 0.01
                    when twice_remainder < -one_step then -0.01
                    else 0
                end as decimal(18, 2)
            ) * units_sign as decimal(18, 2)
        ) as at_rate_usd
    from remainders
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        least(
            at_rate_usd,
            case when charge_cap = 'line' then charge_usd else at_rate_usd end,
            coalesce(ceiling_usd, at_rate_usd)
        ) as amount_usd
    from nearest
)

select * from final
