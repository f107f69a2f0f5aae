-- what    payments of claims replaced or voided since that no reversal has taken back
-- reads   int_remit_events_in_order
-- likely  the payer has not answered the replacement or the void yet

select
    payer_name,
    count(*) as payments,
    sum(paid_usd) as usd,
    payer_name || ': ' || cast(count(*) as varchar) || ' payments, $'
    || cast(sum(paid_usd) as varchar)
    || ', stand for claims replaced or voided since; they are in no outcome until the'
    || ' payer reverses them. Watch for the take-back.' as sentence
from int_remit_events_in_order
where event_state = 'ended' and paid_usd <> 0
group by payer_name
order by usd desc, payer_name asc
