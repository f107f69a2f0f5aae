-- what    list prices the site looked up: AWP, WAC and what it paid itself
-- grain   one row per code or NDC, price kind and day it begins
-- key     row_id
-- reads   raw_ref__list_prices
-- beware  per says what the price is of, a billing unit or a milligram; each holds until the next of its kind begins

select
    row_source || ':' || row_number as row_id,
    upper(hcpcs) as hcpcs,
    ndc11,
    per,
    price_kind,
    cast(price as decimal(12, 6)) as price,
    coalesce(cast(effective_from as date), date '0001-01-01') as effective_from,
    source
from raw_ref__list_prices
