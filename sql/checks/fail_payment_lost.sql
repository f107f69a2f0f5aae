-- what    live remit claims whose lines do not add up to what was paid
-- reads   int_remit_events_in_order, int_event_lines, int_transactions_counted_once, stg_835__adjustments, stg_835__remit_claims
-- likely  a remit line was matched to no claim line, or to two

with

lines as (
    select
        remit_claim_id,
        sum(paid_usd) as paid_usd,
        count(*) = count(paid_usd) as is_readable,
        min(is_balanced) as is_balanced
    from int_event_lines
    group by remit_claim_id
),

adjustments as (
    select
        remit_claim_id,
        sum(adjustment_usd) as adjustments_usd
    from stg_835__adjustments
    group by remit_claim_id
)

select
    events.claim_id,
    events.payer_id,
    events.paid_usd as claim_paid_usd,
    lines.paid_usd as lines_paid_usd
from int_remit_events_in_order as events
inner join stg_835__remit_claims as remit_claims
    on events.remit_claim_id = remit_claims.remit_claim_id
inner join int_transactions_counted_once as transactions
    on remit_claims.transaction_id = transactions.transaction_id
left join lines
    on events.remit_claim_id = lines.remit_claim_id
left join adjustments
    on events.remit_claim_id = adjustments.remit_claim_id
where
    events.event_state = 'live'
    -- lines that never came, of a remit cut off, are not lost here
    and coalesce(transactions.has_se, true)
    and coalesce(lines.is_balanced, true)
    -- an amount that cannot be read is listed among the rejects, not lost
    and coalesce(lines.is_readable, true)
    and events.charge_usd - coalesce(adjustments.adjustments_usd, 0) = events.paid_usd
    and events.paid_usd <> coalesce(lines.paid_usd, 0)
