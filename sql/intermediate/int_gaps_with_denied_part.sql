-- what    the part of each gap that was denied, in contract dollars
-- grain   one row per drug line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_gaps_compared
-- beware  the denied part goes first and never exceeds the gap (RULES 9.3)

with

-- units x denied charge / charge, to three decimals: a double quotient, then
-- corrected by the exact remainder
near_denied_units as (
    select
        *,
        cast(
            cast(
                cast(billed_units as decimal(19, 3)) * denied_charge_usd as double
            ) / nullif(cast(charge_usd as double), 0) as decimal(18, 3)
        ) as near_units,
        cast(
            cast(billed_units as decimal(19, 3))
            * cast(denied_charge_usd as decimal(19, 2)) as decimal(38, 5)
        ) as units_times_denied
    from int_gaps_compared
),

denied_units as (
    select
        *,
        cast(
            case
                when denial_codes > 0 and denial_codes = denial_codes_with_quantity
                    then abs(stated_denied_units)
                when
                    (
                        units_times_denied
                        - cast(near_units as decimal(19, 3))
                        * cast(charge_usd as decimal(19, 2))
                    ) * 2
                    >= charge_usd * cast(0.001 as decimal(4, 3))
                    then near_units + cast(0.001 as decimal(4, 3))
                when
                    (
                        units_times_denied
                        - cast(near_units as decimal(19, 3))
                        * cast(charge_usd as decimal(19, 2))
                    ) * 2
                    < -charge_usd * cast(0.001 as decimal(4, 3))
                    then near_units - cast(0.001 as decimal(4, 3))
                else near_units
            end as decimal(18, 3)
        ) as denied_units
    from near_denied_units
),

final as (
    select
        *,
        cast(
            case
                when outcome in ('denied', 'zero_no_reason')
                    then
                        case when payer_rank = 'primary' then expected_allowed_usd end
                when
                    outcome <> 'partly_denied'
                    or gap_usd is null
                    or gap_usd <= 0.01
                    or is_matched_together
                    then 0
                when method = 'pct_of_charge'
                    then
                        least(
                            gap_usd,
                            cast(
                                cast(denied_charge_usd as decimal(28, 9))
                                * percent_fraction as decimal(18, 2)
                            )
                        )
                when unit_price_usd is null then 0
                else
                    least(
                        gap_usd,
                        cast(
                            cast(
                                cast(denied_units as decimal(19, 3)) * unit_price_usd
                                as decimal(28, 9)
                            ) * percent_fraction as decimal(18, 2)
                        )
                    )
            end as decimal(18, 2)
        ) as denied_expected_usd
    from denied_units
)

select * exclude (near_units, units_times_denied) from final
