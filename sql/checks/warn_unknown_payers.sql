-- what    payers nobody knows that no question names: they have no primary drug line
-- reads   claim_line_outcomes, reference_questions
-- likely  a secondary payer, or a payer of other services

select
    lines.payer_name,
    count(*) as lines,
    sum(lines.charge_usd) as usd,
    lines.payer_name || ': not in payers.csv; ' || cast(count(*) as varchar)
    || ' lines, $' || cast(sum(lines.charge_usd) as varchar)
    || ' charged, none of them a drug line it pays first. Run analytics init, or add'
    || ' it to reference/payer_aliases.csv.' as sentence
from claim_line_outcomes as lines
left join reference_questions as questions
    on lines.payer_id = questions.payer_id and questions.question = 'payer'
where lines.payer_id like 'unknown:%' and questions.question_id is null
group by lines.payer_name
order by usd desc, lines.payer_name asc
