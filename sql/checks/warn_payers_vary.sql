-- what    payers that keep to a contract term on some lines and not on others
-- reads   contract_findings
-- likely  the payers' own slips; contract_findings has each term, underpayment_causes each line

with

payers as (
    select
        payer_id,
        verdict,
        sum(between_usd) as between_usd,
        coalesce(min(payer_name), payer_id) || ' on '
        || cast(sum(lines_off_term) as varchar) || ' of '
        || cast(sum(lines) as varchar) || ' lines ($'
        || cast(sum(shortfall_usd) as varchar) || ' short, $'
        || cast(sum(overpaid_usd) as varchar) || ' over)' as payer_text
    from contract_findings
    where verdict = 'payer_varies'
    group by payer_id, verdict
),

final as (
    select
        count(*) as payers,
        sum(between_usd) as usd,
        array_to_string(list_sort(list(coalesce(payer_id, ''))), ', ') as payer_ids,
        'a payer that keeps to a term and leaves it: '
        || array_to_string(list_sort(list(coalesce(payer_text, ''))), '; ')
        || '. contract_findings has each term, underpayment_causes each line.'
            as sentence
    from payers
    group by verdict
)

select * from final
