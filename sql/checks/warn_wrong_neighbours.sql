-- what    lines of a code one slip away from J1324 or J9177, of a patient or an NDC of that drug
-- reads   code_identity
-- likely  a typing error in the charge, or a patient who is given both drugs

select
    payer_name,
    hcpcs,
    count(*) as lines,
    sum(allowed_usd) as usd,
    payer_name || ': ' || cast(count(*) as varchar)
    || case when count(*) = 1 then ' line' else ' lines' end || ' of ' || hcpcs || ', $'
    || cast(sum(allowed_usd) as varchar) || ' allowed, where ' || min(finding_detail)
    || '. Check the chart: ' || hcpcs
    || ' is one slip away from the code of that drug; bill a corrected claim if it is'
    || ' one.' as sentence
from code_identity
where finding = 'wrong_neighbour' and payer_rank = 'primary'
group by payer_name, hcpcs
order by usd desc, payer_name asc, hcpcs asc
