-- what    adjustment codes that denial_reasons.csv does not know
-- reads   int_adjustments_read
-- likely  a code newer than the shipped list

select
    group_code,
    reason_code,
    count(*) as adjustments,
    sum(adjustment_usd) as usd,
    'Adjustment ' || coalesce(group_code, '?') || '-' || coalesce(reason_code, '?')
    || ' is not in denial_reasons.csv; read as '
    || case when group_code = 'PR' then 'patient share' else 'a denial' end || ' on '
    || cast(count(*) as varchar) || ' lines, $' || cast(sum(adjustment_usd) as varchar)
    || '. Add it to reference/denial_reasons.csv.' as sentence
from int_adjustments_read
where not is_mapped
group by group_code, reason_code
order by usd desc, group_code asc, reason_code asc
