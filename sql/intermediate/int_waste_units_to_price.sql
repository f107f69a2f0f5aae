-- what    units wasted, missed and billed too many, to be priced at the rate of their line's term
-- grain   one row per treatment whose line is priced by the unit, and kind of waste
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_treatments_with_expected_waste, int_lines_to_price
-- beware  the line is the first administered one; no cap is taken from units nobody billed (RULES 10.8)

with

kinds as (
    select
        claim_id,
        line_number,
        payer_id,
        'missed' as candidate,
        missed_units as units
    from int_treatments_with_expected_waste
    where is_priced_at_rate
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'expected' as candidate,
        expected_waste_units as units
    from int_treatments_with_expected_waste
    where is_priced_at_rate
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'overbilled' as candidate,
        cast(billed_waste_units - expected_waste_units as decimal(18, 3)) as units
    from int_treatments_with_expected_waste
    where is_priced_at_rate
),

final as (
    select
        prices.* exclude (candidate, units, charge_cap),
        kinds.candidate,
        kinds.units,
        'none' as charge_cap
    from kinds
    inner join int_lines_to_price as prices
        on
            kinds.claim_id = prices.claim_id
            and kinds.line_number = prices.line_number
            and kinds.payer_id = prices.payer_id
    where prices.method <> 'pct_of_charge'
)

select * from final
