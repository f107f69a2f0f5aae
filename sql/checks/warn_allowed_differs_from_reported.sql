-- what    lines whose allowed amount differs from the one the payer reports (AMT*B6)
-- reads   claim_line_outcomes
-- likely  B6 is informational and leaves something out; the sum of payments decides

select
    payer_name,
    count(*) as lines,
    sum(abs(allowed_usd - allowed_reported_usd)) as usd,
    payer_name || ': on ' || cast(count(*) as varchar)
    || ' lines the allowed amount it reports differs from what it paid and charged'
    || ' the patient, by $'
    || cast(sum(abs(allowed_usd - allowed_reported_usd)) as varchar) || ' in all.'
        as sentence
from claim_line_outcomes
where allowed_reported_usd <> allowed_usd
group by payer_name
order by usd desc, payer_name asc
