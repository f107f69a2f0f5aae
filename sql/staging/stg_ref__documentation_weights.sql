-- what    how much each documentation check counts in a completeness score
-- grain   one row per check
-- key     row_id
-- reads   raw_ref__documentation_weights
-- beware  a check without a row weighs nothing

select
    row_source || ':' || row_number as row_id,
    "check" as check_name,
    cast(weight as int) as weight
from raw_ref__documentation_weights
