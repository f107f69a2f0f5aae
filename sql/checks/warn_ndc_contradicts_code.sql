-- what    lines whose NDC belongs to another drug than the code
-- reads   code_identity
-- likely  a wrong NDC or a wrong code was billed

select
    payer_name,
    hcpcs,
    drug,
    count(*) as lines,
    sum(allowed_usd) as usd,
    payer_name || ', ' || coalesce(hcpcs, 'no code') || ': the NDC says '
    || coalesce(drug, 'another code, of a drug that is not on file') || '; '
    || cast(count(*) as varchar)
    || ' lines. Correct the claim, or the row in reference/drug_packages.csv or'
    || ' reference/ndc_crosswalk.csv.' as sentence
from code_identity
where identity_basis = 'ndc_contradicts_code' and payer_rank = 'primary'
group by payer_name, hcpcs, drug
order by usd desc, payer_name asc, hcpcs asc, drug asc
