-- what    how the codes of procedures that give a drug begin
-- grain   one row per prefix
-- key     row_id
-- reads   raw_ref__administration_codes

select
    row_source || ':' || row_number as row_id,
    upper(code_prefix) as code_prefix
from raw_ref__administration_codes
