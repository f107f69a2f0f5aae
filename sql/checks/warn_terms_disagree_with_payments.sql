-- what    contract terms that what was paid disagrees with
-- reads   contract_findings
-- likely  an amendment that is not in reference/contract_terms.csv, or a payer that does not keep to its contract

select
    payer_id,
    line_of_business,
    claim_type,
    term_id,
    hcpcs,
    first_week,
    verdict,
    between_usd as usd,
    sentence
from contract_findings
where verdict in ('look_at_contract_file', 'payer_uses_another_row', 'payer_varies')
order by between_usd desc
