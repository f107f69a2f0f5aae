-- what    the units each answer told, to be priced at the rate of the line's term, before any cap
-- grain   one row per priced line whose answer states units of the billed code
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_paid_units_told, int_lines_to_price, int_lines_priced_at_contract
-- beware  a share of the charge has no units to price

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
    told.told_units as units,
    prices.charge_usd,
    prices.price_usd,
    prices.price_mg,
    prices.unit_mg
from int_lines_to_price as prices
inner join int_paid_units_told as told
    on
        prices.claim_id = told.claim_id
        and prices.line_number = told.line_number
        and prices.payer_id = told.payer_id
        and told.payer_rank = 'primary'
inner join int_lines_priced_at_contract as contract
    on
        prices.claim_id = contract.claim_id
        and prices.line_number = contract.line_number
        and prices.payer_id = contract.payer_id
where
    contract.is_priced_at_rate
    and prices.method <> 'pct_of_charge'
    and not told.is_other_code
    and told.told_units is not null
