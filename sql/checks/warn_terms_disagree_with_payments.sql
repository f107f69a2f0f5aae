-- what    contract terms whose payer allowed everybody another rate: the contract file is to be looked at before any letter
-- reads   contract_findings
-- likely  an amendment that is not in reference/contract_terms.csv, or a row of it that the payer still, or already, uses

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
where verdict in ('look_at_contract_file', 'payer_uses_another_row')
order by usd desc
