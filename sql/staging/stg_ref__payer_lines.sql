-- what    which line of business a filing code or group number means at a payer
-- grain   one row per payer, filing code and group number
-- key     row_id
-- reads   raw_ref__payer_lines

select
    row_source || ':' || row_number as row_id,
    payer_id,
    coalesce(nullif(filing_code, ''), '*') as filing_code,
    coalesce(nullif(group_number, ''), '*') as group_number,
    line_of_business
from raw_ref__payer_lines
