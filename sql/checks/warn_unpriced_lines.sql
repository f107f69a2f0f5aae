-- what    answered drug lines that no term prices, by reason
-- reads   drug_line_outcomes
-- likely  a contract term is missing, ends too early, or two overlap

select
    payer_name,
    hcpcs,
    identity_basis,
    pricing_basis,
    count(*) as lines,
    sum(allowed_usd) as allowed_usd,
    sum(charge_usd) as usd,
    payer_name || ', ' || coalesce(hcpcs, 'no code') || ': ' || pricing_basis || '; '
    || cast(count(*) as varchar) || ' lines, $' || cast(sum(allowed_usd) as varchar)
    || ' allowed, $' || cast(sum(charge_usd) as varchar)
    || ' charged. '
    || case
        when identity_basis = 'unknown_code'
            then 'The code is in no list here: add it to reference/drug_codes.csv.'
        else 'See reference/contract_terms.csv.'
    end as sentence
from drug_line_outcomes
where
    payer_rank = 'primary'
    and expected_allowed_usd is null
    and outcome in ('paid', 'partly_denied', 'denied', 'zero_no_reason')
    and payer_id not like 'unknown:%'
group by payer_name, hcpcs, identity_basis, pricing_basis
order by usd desc, payer_name asc, hcpcs asc, pricing_basis asc
