-- what    codes that replaced another, and from when
-- grain   one row per pair of codes
-- key     row_id
-- reads   raw_ref__code_successors

select
    row_source || ':' || row_number as row_id,
    upper(old_hcpcs) as old_hcpcs,
    upper(new_hcpcs) as new_hcpcs,
    coalesce(cast(effective_from as date), date '0001-01-01') as effective_from
from raw_ref__code_successors
