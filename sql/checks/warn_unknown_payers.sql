-- what    payers in the files that payers.csv and payer_aliases.csv do not name
-- reads   claim_line_outcomes
-- likely  a new payer, or a new spelling of one

select
    payer_name,
    count(*) as lines,
    sum(charge_usd) as usd,
    payer_name || ': not in payers.csv; ' || cast(count(*) as varchar)
    || ' lines, $' || cast(sum(charge_usd) as varchar)
    || ' charged, not priced. Add it to reference/payer_aliases.csv.' as sentence
from claim_line_outcomes
where payer_id like 'unknown:%'
group by payer_name
order by usd desc, payer_name asc
