-- what    every service line a payer answered
-- grain   one row per SVC
-- key     remit_claim_id, remit_line_number
-- reads   raw_835__remit_lines
-- beware  an absent SVC05 is null here: it states nothing about units

select
    substr(file_sha256, 1, 16) || ':' || cast(transaction_number as varchar)
    || ':' || cast(remit_claim_number as varchar) as remit_claim_id,
    remit_line_number,
    hcpcs,
    array_to_string(list_sort(string_split(coalesce(modifiers, ''), ' ')), ' ')
        as sorted_modifiers,
    modifiers,
    case when length(revenue_code) = 3 then '0' else '' end || revenue_code
        as revenue_code,
    original_hcpcs,
    line_control_number,
    service_date,
    service_through_date,
    coalesce(remark_codes, '') as remark_codes,
    cast(paid_units as decimal(18, 3)) as paid_units,
    cast(original_units as decimal(18, 3)) as original_units,
    cast(charge_usd as decimal(18, 2)) as charge_usd,
    cast(paid_usd as decimal(18, 2)) as paid_usd,
    cast(allowed_reported_usd as decimal(18, 2)) as allowed_reported_usd,
    source_offset
from raw_835__remit_lines
