-- what    the denied part of every line, to be priced at the rate of its term, before any cap
-- grain   one row per primary drug line with a term and a denied part
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_gaps_compared, int_lines_to_price
-- beware  of a share of the charge the denied part is its denied charge, not its units (RULES 9.3)

with

-- units x denied charge / charge, to three decimals: a double quotient, then
-- corrected by the exact remainder
near_denied_units as (
    select
        claim_id,
        line_number,
        payer_id,
        billed_units,
        charge_usd,
        denied_charge_usd,
        denial_codes,
        denial_codes_with_quantity,
        stated_denied_units,
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
    where payer_rank = 'primary' and denied_charge_usd is not null
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
        prices.claim_id,
        prices.line_number,
        prices.payer_id,
        prices.candidate,
        prices.method,
        prices.rate,
        prices.price_decimals,
        'none' as charge_cap,
        prices.ceiling_usd,
        denied_units.denied_units as units,
        denied_units.denied_charge_usd as charge_usd,
        prices.price_usd,
        prices.price_mg,
        prices.unit_mg
    from denied_units
    inner join int_lines_to_price as prices
        on
            denied_units.claim_id = prices.claim_id
            and denied_units.line_number = prices.line_number
            and denied_units.payer_id = prices.payer_id
)

select * from final
