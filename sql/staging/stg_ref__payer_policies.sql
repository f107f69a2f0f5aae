-- what    what a payer covers and asks for: waste, JW and JZ, by date
-- grain   one row per dated policy
-- key     row_id
-- reads   raw_ref__payer_policies

select
    row_source || ':' || row_number as row_id,
    row_source = 'shipped' as is_shipped,
    coalesce(payer_id, '*') as payer_id,
    coalesce(line_of_business, '*') as line_of_business,
    coalesce(claim_type, '*') as claim_type,
    coalesce(payer_rank, '*') as payer_rank,
    upper(coalesce(hcpcs, '*')) as hcpcs,
    covered,
    pays_waste,
    coalesce(requires_jw, 'no') as requires_jw,
    coalesce(requires_jz, 'no') as requires_jz,
    coalesce(cast(effective_from as date), date '0001-01-01') as effective_from,
    coalesce(cast(effective_through as date), date '9999-12-31') as effective_through,
    source
from raw_ref__payer_policies
