-- what    what CMS says a drug code is, by date
-- grain   one row per dated drug code
-- key     row_id
-- reads   raw_ref__drug_codes

select
    row_source || ':' || row_number as row_id,
    row_source = 'shipped' as is_shipped,
    upper(hcpcs) as hcpcs,
    lower(drug) as drug,
    descriptor,
    cast(unit_mg as decimal(12, 6)) as unit_mg,
    coalesce(is_biosimilar, 'no') = 'yes' as is_biosimilar,
    coalesce(is_unlisted, 'no') = 'yes' as is_unlisted,
    coalesce(cast(effective_from as date), date '0001-01-01') as effective_from,
    coalesce(cast(effective_through as date), date '9999-12-31') as effective_through
from raw_ref__drug_codes
