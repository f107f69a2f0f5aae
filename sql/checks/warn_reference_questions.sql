-- what    what a person must still write into the reference files, the most dollars first
-- reads   reference_questions
-- likely  a new payer, code or package, or a contract that is not entered yet

select
    place,
    reference_file,
    settles_usd as usd,
    sentence
from reference_questions
where reference_file is not null
order by place asc
