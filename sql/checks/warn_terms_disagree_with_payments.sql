-- what    contract terms that what was paid disagrees with; where a payer varies, its terms together
-- reads   contract_findings
-- likely  an amendment that is not in reference/contract_terms.csv, or a payer that does not keep to its contract

with

terms as (
    select
        payer_id,
        term_id,
        hcpcs,
        verdict,
        between_usd as usd,
        sentence
    from contract_findings
    where verdict in ('look_at_contract_file', 'payer_uses_another_row')
),

payers as (
    select
        payer_id,
        cast(null as varchar) as term_id,
        cast(null as varchar) as hcpcs,
        verdict,
        sum(between_usd) as usd,
        'payer varies: ' || coalesce(min(payer_name), payer_id)
        || ' kept to its terms on '
        || cast(sum(lines - lines_off_term) as varchar) || ' of '
        || cast(sum(lines) as varchar) || ' lines of ' || cast(count(*) as varchar)
        || case when count(*) = 1 then ' term' else ' terms' end || '; $'
        || cast(sum(shortfall_usd) as varchar) || ' short, $'
        || cast(sum(overpaid_usd) as varchar)
        || ' over. contract_findings has each term, underpayment_causes each line.'
            as sentence
    from contract_findings
    where verdict = 'payer_varies'
    group by payer_id, verdict
)

select * from terms
union all
select * from payers
order by usd desc, payer_id asc, term_id asc, hcpcs asc
