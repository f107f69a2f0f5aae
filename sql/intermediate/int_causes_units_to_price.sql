-- what    what is asked of a short or overpaid line first: the units paid, and the code the payer answered with
-- grain   one row per line and candidate
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_causes_lines, int_causes_remit_code_prices
-- beware  a code without a priced term is not asked (RULES 16.4), nor a percent of the charge by units: that is int_causes_charge_shares (RULES 16.3)

select
    claim_id,
    line_number,
    payer_id,
    'paid units' as candidate,
    method,
    rate,
    price_decimals,
    charge_cap,
    ceiling_usd,
    paid_units as units,
    charge_usd,
    price_usd,
    price_mg,
    unit_mg
from int_causes_lines
where
    is_priced_at_rate
    and paid_units <> billed_units
    and method <> 'pct_of_charge'
union all
select
    prices.claim_id,
    prices.line_number,
    prices.payer_id,
    'code of the remit' as candidate,
    prices.method,
    prices.rate,
    prices.price_decimals,
    prices.charge_cap,
    case when prices.charge_cap = 'claim' then lines.ceiling_usd end as ceiling_usd,
    prices.units,
    prices.charge_usd,
    prices.price_usd,
    prices.price_mg,
    prices.unit_mg
from int_causes_remit_code_prices as prices
inner join int_causes_lines as lines
    on
        prices.claim_id = lines.claim_id
        and prices.line_number = lines.line_number
        and prices.payer_id = lines.payer_id
where
    prices.no_price_basis is null
    and prices.method not in ('capitated', 'case_rate', 'not_covered')
