-- what    codes the practice bills with a meaning of its own
-- grain   one row per dated house code
-- key     row_id
-- reads   raw_ref__house_codes
-- beware  the CMS meaning of the same code stands in stg_ref__drug_codes

select
    row_source || ':' || row_number as row_id,
    upper(hcpcs) as hcpcs,
    lower(drug) as drug,
    cast(unit_mg as decimal(12, 6)) as unit_mg,
    coalesce(cast(effective_from as date), date '0001-01-01') as effective_from,
    coalesce(cast(effective_through as date), date '9999-12-31') as effective_through,
    source
from raw_ref__house_codes
