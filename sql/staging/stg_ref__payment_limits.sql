-- what    CMS payment limits per billing unit, every vintage kept
-- grain   one row per quarter, code and publication
-- key     effective_quarter, hcpcs, published_on
-- reads   raw_ref__payment_limits
-- beware  a quarter can be restated: choose the vintage, never the last row; N/A is a publication without a limit

select
    effective_quarter,
    upper(hcpcs) as hcpcs,
    cast(published_on as date) as published_on,
    coalesce(published_on_basis like '%estimated', false) as is_date_estimated,
    cast(payment_limit as decimal(12, 6)) as payment_limit_usd,
    cast(
        cast(coinsurance_pct as decimal(12, 6)) * cast(0.01 as decimal(3, 2))
        as decimal(9, 6)
    ) as coinsurance_fraction,
    notes
from raw_ref__payment_limits
