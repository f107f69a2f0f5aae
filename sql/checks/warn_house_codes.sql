-- what    lines and dollars that rest on the practice's own meaning of a code
-- reads   code_identity
-- likely  the billing guide a practice follows differs from the CMS HCPCS file

select
    hcpcs,
    count(*) as lines,
    sum(units) as units,
    sum(cms_units) as cms_units,
    sum(allowed_usd) as usd,
    hcpcs || ' is billed here as ' || drug || ' (house code); CMS lists ' || hcpcs
    || ' as "' || coalesce(min(cms_descriptor), 'nothing') || '" and ' || drug
    || ' as ' || coalesce(cms_hcpcs, 'no code') || '. '
    || cast(count(*) as varchar) || ' lines, $' || cast(sum(allowed_usd) as varchar)
    || ' allowed rest on it: '
    || regexp_replace(cast(sum(units) as varchar), '[.]0+$', '') || ' units would be '
    || regexp_replace(cast(sum(cms_units) as varchar), '[.]0+$', '')
    || ' units of '
    || coalesce(cms_hcpcs, '?')
    || '. Keep or delete the row in reference/house_codes.csv.' as sentence
from code_identity
where identity_basis = 'house_code' and payer_rank = 'primary'
group by hcpcs, drug, cms_hcpcs
order by usd desc, hcpcs asc, drug asc
