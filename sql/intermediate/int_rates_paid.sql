-- what    the rate each paid line was really allowed at: dollars a unit, percent of the limit, percent of the charge
-- grain   one row per paid line whose term is priced at a rate
-- key     claim_id, line_number, payer_id
-- reads   int_lines_paid_at_terms
-- beware  four decimals of a dollar, two of a percent, of the limit or of the charge as the term is priced; null where a line has no rate of its own (RULES 18.1)

with

bases as (
    select
        *,
        case
            when rate_basis = 'percent_of_charge'
                then cast(charge_usd as decimal(28, 9))
            when rate_basis = 'percent_of_limit'
                then
                    cast(
                        cast(units as decimal(19, 3)) * unit_price_usd
                        as decimal(28, 9)
                    )
        end as percent_base
    from int_lines_paid_at_terms
),

-- beyond a million dollars a unit or ten thousand percent a rate says nothing
limited as (
    select
        *,
        case
            when
                has_own_rate
                and cast(allowed_usd as decimal(19, 2))
                * cast(0.000001 as decimal(7, 6)) < units
                then units
        end as divisible_units,
        case
            when
                has_own_rate
                and cast(allowed_usd as decimal(19, 2))
                * cast(0.01 as decimal(3, 2)) < percent_base
                then percent_base
        end as divisible_base
    from bases
),

-- four decimals of a dollar and two of a percent, half away: double quotients, then
-- corrected by their exact remainders
near_rates as (
    select
        *,
        cast(
            cast(allowed_usd as double)
            / nullif(cast(divisible_units as double), 0) as decimal(18, 4)
        ) as near_per_unit,
        cast(
            cast(allowed_usd as double) * 100
            / nullif(cast(divisible_base as double), 0) as decimal(7, 2)
        ) as near_percent
    from limited
),

remainders as (
    select
        *,
        (
            allowed_usd
            - near_per_unit * cast(units as decimal(19, 3))
        ) * 2 as twice_units_remainder,
        cast(units as decimal(19, 3)) * cast(0.0001 as decimal(5, 4))
            as one_step_of_units,
        (
            cast(allowed_usd as decimal(19, 2)) * cast(100 as decimal(3, 0))
            - near_percent * percent_base
        ) * 2 as twice_percent_remainder,
        percent_base * cast(0.01 as decimal(3, 2)) as one_step_of_percent
    from near_rates
),

final as (
    select
        * exclude (
            has_own_rate,
            divisible_units,
            divisible_base,
            percent_base,
            near_per_unit,
            near_percent,
            twice_units_remainder,
            one_step_of_units,
            twice_percent_remainder,
            one_step_of_percent
        ),
        cast(
            near_per_unit + case
                when twice_units_remainder >= one_step_of_units then 0.0001
                when twice_units_remainder < -one_step_of_units then -0.0001
                else 0
            end as decimal(18, 4)
        ) as rate_per_unit,
        cast(
            near_percent + case
                when twice_percent_remainder >= one_step_of_percent then 0.01
                when twice_percent_remainder < -one_step_of_percent then -0.01
                else 0
            end as decimal(7, 2)
        ) as rate_percent
    from remainders
)

select * from final
