-- what    what an adjustment or remark code does to a line, in our words
-- grain   one row per code, group and payer
-- key     row_id
-- reads   raw_ref__denial_reasons

select
    row_source || ':' || row_number as row_id,
    code_set,
    upper(code) as code,
    coalesce(group_code, '*') as group_code,
    coalesce(payer_id, '*') as payer_id,
    coalesce(cast(precedence as int), 999) as precedence,
    denial_class,
    coalesce(counts_as_denial, 'no') as counts_as_denial,
    coalesce(effect, 'informational') as effect,
    meaning
from raw_ref__denial_reasons
where rarc is null
