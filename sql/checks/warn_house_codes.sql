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
    || case
        when count(expected_if_cms_units_usd) > 0
            then
                '. Where a price is stated for milligrams, $'
                || cast(
                    sum(
                        case
                            when expected_if_cms_units_usd is not null
                                then expected_allowed_usd
                        end
                    ) as varchar
                )
                || ' is expected as billed and $'
                || cast(sum(expected_if_cms_units_usd) as varchar)
                || ' were they units of ' || coalesce(cms_hcpcs, '?')
        else ''
    end
    || '. Keep or delete the row in reference/house_codes.csv.' as sentence
from code_identity
where identity_basis = 'house_code' and payer_rank = 'primary'
group by hcpcs, drug, cms_hcpcs
order by usd desc, hcpcs asc, drug asc
