-- what    what a payer covers and asks for: waste, JW, JZ, authorization, step therapy, by date
-- grain   one row per dated policy
-- key     row_id
-- reads   raw_ref__payer_policies
-- beware  an empty cell is not known, never no

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
    requires_jw,
    requires_jz,
    requires_prior_auth,
    requires_step_therapy,
    specialty_pharmacy,
    coalesce(cast(effective_from as date), date '0001-01-01') as effective_from,
    coalesce(cast(effective_through as date), date '9999-12-31') as effective_through,
    source
from raw_ref__payer_policies
