-- what    every service line the practice billed, once per sending
-- grain   one row per service line of a submission
-- key     submission_id, line_number
-- reads   raw_837__claim_lines

select
    substr(file_sha256, 1, 16) || ':' || cast(transaction_number as varchar)
    || ':' || cast(submission_number as varchar) as submission_id,
    line_number,
    hcpcs,
    coalesce(modifiers, '') as modifiers,
    array_to_string(list_sort(string_split(coalesce(modifiers, ''), ' ')), ' ')
        as sorted_modifiers,
    ' ' || coalesce(modifiers, '') || ' ' like '% JW %' as is_waste_line,
    case when length(revenue_code) = 3 then '0' else '' end || revenue_code
        as revenue_code,
    place_of_service,
    ndc,
    ndc_unit,
    line_control_number,
    authorization_number,
    service_date,
    service_through_date,
    cast(units as decimal(18, 3)) as units,
    cast(ndc_quantity as decimal(18, 3)) as ndc_quantity,
    cast(charge_usd as decimal(18, 2)) as charge_usd,
    source_offset
from raw_837__claim_lines
