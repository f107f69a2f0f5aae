-- what    the ids and names under which a payer is seen in files
-- grain   one row per alias
-- key     alias_key
-- reads   raw_ref__payer_aliases
-- beware  compared in upper case without blanks; the first payer of an alias wins

select
    payer_id,
    replace(upper(alias), ' ', '') as alias_key
from raw_ref__payer_aliases
qualify
    row_number() over (
        partition by replace(upper(alias), ' ', '')
        order by payer_id
    ) = 1
