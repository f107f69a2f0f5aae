-- what    lines a house code decided though an NDC was sent that neither the crosswalk nor a package row knows
-- reads   drug_line_outcomes
-- likely  the drug given is the one CMS means by the code, or a package row is missing

select
    payer_name,
    hcpcs,
    drug,
    count(*) as lines,
    sum(expected_allowed_usd) as usd,
    payer_name || ', ' || hcpcs || ': read as ' || drug || ' though '
    || cast(count(*) as varchar)
    || ' lines carry an NDC that neither the crosswalk nor a package row has; $'
    || cast(coalesce(sum(expected_allowed_usd), 0) as varchar)
    || ' expected rests on it. Add the NDC to reference/drug_packages.csv before saying'
    || ' these figures.' as sentence
from drug_line_outcomes
where identity_basis = 'house_code' and has_unknown_ndc and payer_rank = 'primary'
group by payer_name, hcpcs, drug
order by usd desc, payer_name asc, hcpcs asc, drug asc
