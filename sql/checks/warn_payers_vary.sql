-- what    payers that keep to a contract term on some lines and not on others
-- reads   contract_findings
-- likely  the payer's own slips; contract_findings has each term, underpayment_causes each line

select
    payer_id,
    sum(between_usd) as usd,
    'payer varies: ' || coalesce(min(payer_name), payer_id)
    || ' kept to its terms on ' || cast(sum(lines - lines_off_term) as varchar)
    || ' of ' || cast(sum(lines) as varchar) || ' lines of '
    || cast(count(*) as varchar)
    || case when count(*) = 1 then ' term' else ' terms' end || '; $'
    || cast(sum(shortfall_usd) as varchar) || ' short, $'
    || cast(sum(overpaid_usd) as varchar) || ' over. contract_findings has each term,'
    || ' underpayment_causes each line.' as sentence
from contract_findings
where verdict = 'payer_varies'
group by payer_id
order by usd desc
