-- what    doses exactly four times, or a quarter of, the patient's dose next to it or what the vials hold
-- reads   code_identity
-- likely  units of 1 mg billed under a code of 0.25 mg, or the other way round

select
    payer_name,
    hcpcs,
    count(*) as lines,
    sum(allowed_usd) as usd,
    payer_name || ', ' || hcpcs || ': ' || cast(count(*) as varchar)
    || case when count(*) = 1 then ' line is' else ' lines are' end
    || ' four times or a quarter of another dose of the patient, or of the vials'
    || ' billed (the first: ' || min(finding_detail) || '); $'
    || cast(sum(allowed_usd) as varchar)
    || ' allowed. Compare the units with the dose given: J1324 counts milligrams here,'
    || ' J9177 quarter milligrams.' as sentence
from code_identity
where finding = 'units_by_four' and payer_rank = 'primary'
group by payer_name, hcpcs
order by usd desc, payer_name asc, hcpcs asc
