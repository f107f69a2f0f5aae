-- what    units wasted, missed and billed too many, to be priced at the rate of their line's term
-- grain   one row per treatment whose line is priced by the unit, and kind of waste
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_treatments_with_expected_waste, int_lines_to_price
-- beware  the line is the first administered one; no cap is taken from units nobody billed (RULES 10.8)

select
    treatments.claim_id,
    treatments.line_number,
    treatments.payer_id,
    'missed' as candidate,
    prices.method,
    prices.rate,
    prices.price_decimals,
    'none' as charge_cap,
    prices.ceiling_usd,
    treatments.missed_units as units,
    prices.charge_usd,
    prices.price_usd,
    prices.price_mg,
    prices.unit_mg
from int_treatments_with_expected_waste as treatments
inner join int_lines_to_price as prices
    on
        treatments.claim_id = prices.claim_id
        and treatments.line_number = prices.line_number
        and treatments.payer_id = prices.payer_id
where treatments.is_priced_at_rate and prices.method <> 'pct_of_charge'
union all
select
    treatments.claim_id,
    treatments.line_number,
    treatments.payer_id,
    'expected' as candidate,
    prices.method,
    prices.rate,
    prices.price_decimals,
    'none' as charge_cap,
    prices.ceiling_usd,
    treatments.expected_waste_units as units,
    prices.charge_usd,
    prices.price_usd,
    prices.price_mg,
    prices.unit_mg
from int_treatments_with_expected_waste as treatments
inner join int_lines_to_price as prices
    on
        treatments.claim_id = prices.claim_id
        and treatments.line_number = prices.line_number
        and treatments.payer_id = prices.payer_id
where treatments.is_priced_at_rate and prices.method <> 'pct_of_charge'
union all
select
    treatments.claim_id,
    treatments.line_number,
    treatments.payer_id,
    'overbilled' as candidate,
    prices.method,
    prices.rate,
    prices.price_decimals,
    'none' as charge_cap,
    prices.ceiling_usd,
    cast(
        treatments.billed_waste_units - treatments.expected_waste_units
        as decimal(18, 3)
    ) as units,
    prices.charge_usd,
    prices.price_usd,
    prices.price_mg,
    prices.unit_mg
from int_treatments_with_expected_waste as treatments
inner join int_lines_to_price as prices
    on
        treatments.claim_id = prices.claim_id
        and treatments.line_number = prices.line_number
        and treatments.payer_id = prices.payer_id
where treatments.is_priced_at_rate and prices.method <> 'pct_of_charge'
