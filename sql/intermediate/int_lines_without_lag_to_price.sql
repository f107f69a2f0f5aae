-- what    every line under a price lag as `int_lines_at_rate` asks for it, at the price without the lag
-- grain   one row per primary claim line under a price lag
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_lines_without_lag_with_unit_price, int_claim_caps_spread
-- beware  what the unlagged price cannot be used for has no price here; the cap stays the one the lagged prices met

select
    prices.claim_id,
    prices.line_number,
    prices.payer_id,
    prices.candidate,
    prices.method,
    prices.rate,
    prices.price_decimals,
    prices.charge_cap,
    caps.spread_usd as ceiling_usd,
    prices.units,
    prices.charge_usd,
    case when prices.no_price_basis is null then prices.price_usd end as price_usd,
    prices.price_mg,
    prices.unit_mg
from int_lines_without_lag_with_unit_price as prices
left join int_claim_caps_spread as caps
    on
        prices.claim_id = caps.claim_id
        and prices.line_number = caps.line_number
        and prices.payer_id = caps.payer_id
