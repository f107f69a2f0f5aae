-- what    every line with a term as `int_lines_at_rate` asks for it
-- grain   one row per primary claim line with exactly one term
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_lines_with_unit_price
-- beware  a cap over the claim is spread after this: ceiling_usd is null here (int_claim_caps_spread)

select
    claim_id,
    line_number,
    payer_id,
    candidate,
    method,
    rate,
    price_decimals,
    charge_cap,
    cast(null as decimal(18, 2)) as ceiling_usd,
    units,
    charge_usd,
    price_usd,
    price_mg,
    unit_mg
from int_lines_with_unit_price
