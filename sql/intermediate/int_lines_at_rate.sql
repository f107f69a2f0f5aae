-- what    expected amount of every line asked: units x price at the rate of its term, and after the caps
-- grain   one row per line and candidate asked
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_lines_to_price
-- beware  the one place where a price is multiplied (RULES 8.6): other tables run this SELECT by `-- same`

with

-- the rate as a fraction, and the milligrams of a unit that is priced by them
rates as (
    select
        *,
        price_mg is not null as is_per_mg,
        case
            when method in ('pct_of_limit', 'pct_of_charge', 'awp_minus', 'wac_plus')
                then cast(rate * cast(0.01 as decimal(3, 2)) as decimal(9, 6))
        end as rate_fraction,
        cast(
            case price_decimals
                when 0 then 1
                when 1 then 10
                when 2 then 100
                when 3 then 1000
                when 4 then 10000
                when 5 then 100000
                when 6 then 1000000
            end as decimal(7, 0)
        ) as steps_in_a_dollar,
        cast(
            case price_decimals
                when 0 then 1
                when 1 then 0.1
                when 2 then 0.01
                when 3 then 0.001
                when 4 then 0.0001
                when 5 then 0.00001
                when 6 then 0.000001
            end as decimal(7, 6)
        ) as dollars_of_a_step
    from int_lines_to_price
),

-- price x milligrams of the unit / milligrams it is stated for, to six decimals: a
-- double quotient, then corrected by the exact remainder (RULES 8.5)
near_prices as (
    select
        *,
        cast(
            case
                when method = 'fixed' then cast(1 as decimal(9, 6))
                when method in ('pct_of_limit', 'pct_of_charge') then rate_fraction
                when method = 'awp_minus' then 1 - rate_fraction
                when method = 'wac_plus' then 1 + rate_fraction
            end as decimal(9, 6)
        ) as percent_fraction,
        cast(
            cast(price_usd as decimal(19, 6)) * unit_mg as decimal(38, 12)
        ) as price_times_mg,
        cast(
            cast(cast(price_usd as decimal(19, 6)) * unit_mg as double)
            / nullif(cast(price_mg as double), 0) as decimal(18, 6)
        ) as near_price
    from rates
),

remainders as (
    select
        *,
        (
            price_times_mg - cast(near_price as decimal(19, 6)) * price_mg
        ) * 2 as twice_remainder,
        price_mg * cast(0.000001 as decimal(7, 6)) as one_step
    from near_prices
),

prices as (
    select
        * exclude (price_times_mg, near_price, twice_remainder, one_step),
        cast(
            case
                when method = 'pct_of_charge' then null
                when not is_per_mg then price_usd
                when twice_remainder >= one_step
                    then near_price + cast(0.000001 as decimal(7, 6))
                when twice_remainder < -one_step
                    then near_price - cast(0.000001 as decimal(7, 6))
                else near_price
            end as decimal(12, 6)
        ) as unit_price_usd
    from remainders
),

-- ASP is the limit / 106%: one division, last, to the step of a rounded unit price or
-- to the cent of the line; again a double quotient and its exact remainder, of units
-- without their sign, so that a credit is rounded away from zero too
dividends as (
    select
        *,
        case
            when method = 'asp_plus' then
                cast(
                    cast(unit_price_usd as decimal(19, 6))
                    * cast(100 + rate as decimal(13, 6)) as decimal(31, 12)
                ) * steps_in_a_dollar
        end as steps_dividend,
        case
            when method = 'asp_plus' and price_decimals is null then
                cast(
                    cast(abs(units) as decimal(19, 3)) * unit_price_usd
                    as decimal(25, 9)
                ) * cast(100 + rate as decimal(13, 6))
        end as dollars_dividend
    from prices
),

near_quotients as (
    select
        *,
        cast(
            cast(steps_dividend as double) / cast(106 as double) as decimal(18, 0)
        ) as near_steps,
        cast(
            cast(dollars_dividend as double) / cast(106 as double)
            as decimal(18, 2)
        ) as near_usd
    from dividends
),

quotients as (
    select
        *,
        cast(
            near_steps + case
                when
                    (steps_dividend - cast(near_steps as decimal(19, 0)) * 106) * 2
                    >= 106
                    then 1
                when
                    (steps_dividend - cast(near_steps as decimal(19, 0)) * 106) * 2
                    < -106
                    then -1
                else 0
            end as decimal(18, 0)
        ) as asp_steps,
        cast(
            near_usd + case
                when
                    (dollars_dividend - cast(near_usd as decimal(19, 2)) * 106) * 2
                    >= 1.06
                    then 0.01
                when
                    (dollars_dividend - cast(near_usd as decimal(19, 2)) * 106) * 2
                    < -1.06
                    then -0.01
                else 0
            end as decimal(18, 2)
        ) as asp_at_rate_usd
    from near_quotients
),

rounded as (
    select
        *,
        cast(
            case
                when method = 'pct_of_charge' then null
                when method = 'asp_plus' then cast(asp_steps as decimal(19, 0))
                else
                    cast(
                        cast(
                            cast(unit_price_usd as decimal(19, 6)) * percent_fraction
                            as decimal(28, 12)
                        ) * steps_in_a_dollar as decimal(19, 0)
                    )
            end * dollars_of_a_step as decimal(15, 6)
        ) as rounded_price_usd
    from quotients
),

at_rate as (
    select
        *,
        case
            when method = 'pct_of_charge'
                then
                    cast(
                        cast(charge_usd as decimal(28, 9)) * percent_fraction
                        as decimal(18, 2)
                    )
            when price_decimals is not null
                then
                    cast(
                        cast(
                            cast(units as decimal(19, 3)) * rounded_price_usd
                            as decimal(28, 9)
                        ) * cast(1 as decimal(9, 6)) as decimal(18, 2)
                    )
            when method = 'asp_plus' and units < 0 then -asp_at_rate_usd
            when method = 'asp_plus' then asp_at_rate_usd
            else
                cast(
                    cast(
                        cast(units as decimal(19, 3)) * unit_price_usd
                        as decimal(28, 9)
                    ) * percent_fraction as decimal(18, 2)
                )
        end as at_rate_usd
    from rounded
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        candidate,
        unit_price_usd,
        percent_fraction,
        rounded_price_usd,
        at_rate_usd,
        case
            when at_rate_usd is null then null
            when charge_cap = 'line' and charge_usd is null then null
            else
                least(
                    at_rate_usd,
                    case when charge_cap = 'line' then charge_usd else at_rate_usd end,
                    coalesce(ceiling_usd, at_rate_usd)
                )
        end as amount_usd
    from at_rate
)

select * from final
