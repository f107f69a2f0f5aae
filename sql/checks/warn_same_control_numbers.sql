-- what    transactions that share control numbers but not their content: all are loaded
-- reads   int_transactions_counted_once
-- likely  a sender that restarts its numbers, or an edited copy of a file

select
    isa_control,
    st_control,
    transaction_type,
    count(*) as transactions,
    'Interchange ' || coalesce(isa_control, '?') || ', transaction '
    || coalesce(st_control, '?') || ' (' || transaction_type || '): '
    || cast(count(*) as varchar)
    || ' different contents under the same numbers; all were loaded.' as sentence
from int_transactions_counted_once
where status = 'loaded'
group by isa_control, st_control, transaction_type, gs_date
having count(*) > 1
order by transactions desc, isa_control asc, st_control asc
