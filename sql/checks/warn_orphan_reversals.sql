-- what    reversals of payments that are not on file: in no outcome, in provider cash
-- reads   int_remit_events_in_order
-- likely  the remit that paid first was never loaded

select
    payer_name,
    count(*) as reversals,
    -sum(paid_usd) as usd,
    payer_name || ': ' || cast(count(*) as varchar) || ' reversals, $'
    || cast(-sum(paid_usd) as varchar)
    || ', cancel a payment that is not on file. Load the earlier 835.' as sentence
from int_remit_events_in_order
where event_state = 'orphan_reversal'
group by payer_name
order by usd desc, payer_name asc
