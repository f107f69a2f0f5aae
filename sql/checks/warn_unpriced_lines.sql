-- what    drug lines without a price that no reference file can give one
-- reads   reference_questions
-- likely  a list price that is not on file, a limit that does not tell ASP, a date or units the claim does not state

select
    place,
    payer_name,
    lines,
    allowed_usd,
    charge_usd as usd,
    sentence
from reference_questions
where reference_file is null
order by place asc
