-- what    the rate that the allowed amount of a line implies, where nothing on file gives it
-- grain   one row per line left and kind of rate
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_causes_lines_left, int_causes_prices_at_rate, int_causes_that_fit
-- beware  the nearest rate of so many decimals; whether it comes to the allowed amount is asked next (RULES 16.9)

with

lines as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.method,
        lines.price_source,
        lines.allowed_usd,
        lines.units,
        lines.charge_usd,
        lines.price_usd as own_price_usd,
        lines.price_mg as own_price_mg,
        lines.unit_mg,
        own_prices.unit_price_usd as own_unit_price_usd
    from int_causes_lines_left as lines
    inner join int_causes_prices_at_rate as own_prices
        on
            lines.claim_id = own_prices.claim_id
            and lines.line_number = own_prices.line_number
            and lines.payer_id = own_prices.payer_id
            and own_prices.candidate = 'itself'
    anti join int_causes_that_fit as fits
        on
            lines.claim_id = fits.claim_id
            and lines.line_number = fits.line_number
            and lines.payer_id = fits.payer_id
    where lines.allowed_usd > 0
),

-- what a step of each kind is worth: 100 x 100 steps are the whole limit or charge, and
-- 100, 1,000 or 10,000 are a dollar a unit; more steps than most_steps are no rate
kinds as (
    select
        listed.candidate,
        listed.place,
        cast(listed.steps as decimal(6, 0)) as steps,
        cast(listed.step as decimal(5, 4)) as step,
        cast(listed.most_steps as decimal(11, 0)) as most_steps
    from (
        values
        ('percent of the limit', 1, 10000, 0.01, 9999999),
        ('dollars a unit, 2 decimals', 2, 100, 0.01, 99999999),
        ('dollars a unit, 3 decimals', 3, 1000, 0.001, 999999999),
        ('dollars a unit, 4 decimals', 4, 10000, 0.0001, 9999999999),
        ('percent of the charge', 5, 10000, 0.01, 9999999)
    ) as listed (candidate, place, steps, step, most_steps)
),

asked as (
    select
        lines.* exclude (method),
        kinds.candidate,
        kinds.place,
        kinds.most_steps,
        kinds.step,
        cast(
            cast(lines.allowed_usd as decimal(19, 2))
            * kinds.steps as decimal(25, 2)
        ) as dividend,
        cast(
            case kinds.place
                when 1
                    then
                        cast(lines.units as decimal(19, 3))
                        * cast(lines.own_unit_price_usd as decimal(12, 6))
                when 5 then lines.charge_usd
                else lines.units
            end as decimal(26, 9)
        ) as divisor
    from lines
    inner join kinds
        on
            (kinds.place = 1 and lines.price_source = 'limit')
            or kinds.place in (2, 3, 4)
            or (kinds.place = 5 and lines.method = 'pct_of_charge')
),

-- the nearest whole number of steps: a double quotient, then corrected by the exact remainder
quotients as (
    select
        *,
        round(
            cast(dividend as double) / nullif(cast(divisor as double), 0)
        ) as quotient
    from asked
    where divisor > 0
),

near_quotients as (
    select
        * exclude (quotient),
        cast(quotient as decimal(11, 0)) as near_steps
    from quotients
    where quotient < most_steps
),

remainders as (
    select
        *,
        cast(dividend - near_steps * divisor as decimal(27, 9)) as remainder
    from near_quotients
),

nearest as (
    select
        *,
        cast(
            cast(
                near_steps + case
                    when remainder + remainder >= divisor then 1
                    when remainder + remainder < -divisor then -1
                    else 0
                end as decimal(11, 0)
            ) * step as decimal(12, 6)
        ) as rate
    from remainders
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        candidate,
        place,
        case
            when place = 1 then 'pct_of_limit'
            when place = 5 then 'pct_of_charge'
            else 'fixed'
        end as method,
        rate,
        cast(null as int) as price_decimals,
        'none' as charge_cap,
        cast(null as decimal(18, 2)) as ceiling_usd,
        units,
        charge_usd,
        case
            when place = 1 then own_price_usd
            when place <> 5 then rate
        end as price_usd,
        case when place = 1 then own_price_mg end as price_mg,
        unit_mg
    from nearest
)

select * from final
