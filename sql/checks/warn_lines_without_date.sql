-- what    drug lines without a service date: in no month, no term and no price reach them
-- reads   drug_line_outcomes
-- likely  the claim's DTP*472 is missing or is no date

select
    source_file,
    count(*) as lines,
    sum(charge_usd) as usd,
    source_file || ': ' || cast(count(*) as varchar)
    || ' drug lines without a service date, $' || cast(sum(charge_usd) as varchar)
    || ' charged; they are not priced and stand in no month. Send the claim again with'
    || ' its dates.' as sentence
from drug_line_outcomes
where service_date is null and payer_rank = 'primary'
group by source_file
order by usd desc, source_file asc
