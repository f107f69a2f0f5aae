-- what    reversals left over that find their event on the same day in another remit
-- grain   one row per reversal paired in this step
-- key     reversal_id
-- reads   int_remit_claims_joined_to_claims, int_reversals_by_amounts, int_reversals_by_control_number, int_reversals_by_control_number_and_amounts
-- beware  within a day the order of remits is the sender's numbering, not what happened (RULES 4.6)

with

paired as (
    select reversal_id as remit_claim_id
    from int_reversals_by_control_number_and_amounts
    union all
    select cancelled_id as remit_claim_id
    from int_reversals_by_control_number_and_amounts
    union all
    select reversal_id as remit_claim_id
    from int_reversals_by_control_number
    union all
    select cancelled_id as remit_claim_id
    from int_reversals_by_control_number
    union all
    select reversal_id as remit_claim_id
    from int_reversals_by_amounts
    union all
    select cancelled_id as remit_claim_id
    from int_reversals_by_amounts
),

left_over as (
    select
        events.remit_claim_id,
        events.transaction_id,
        events.claim_id,
        events.payer_id,
        events.payer_control_number,
        events.payment_date,
        events.event_order,
        events.status_code = '22' as is_reversal,
        case when events.status_code = '22' then -1 else 1 end * events.charge_usd
            as event_charge_usd,
        case when events.status_code = '22' then -1 else 1 end * events.paid_usd
            as event_paid_usd
    from int_remit_claims_joined_to_claims as events
    left join paired
        on events.remit_claim_id = paired.remit_claim_id
    where
        paired.remit_claim_id is null
        and events.payer_control_number is not null
),

numbered as (
    select
        *,
        row_number() over (
            partition by
                claim_id,
                payer_id,
                payer_control_number,
                payment_date,
                event_charge_usd,
                event_paid_usd,
                is_reversal
            order by event_order
        ) as place
    from left_over
),

final as (
    select
        reversals.remit_claim_id as reversal_id,
        cancelled.remit_claim_id as cancelled_id
    from numbered as reversals
    inner join numbered as cancelled
        on
            reversals.claim_id = cancelled.claim_id
            and reversals.payer_id = cancelled.payer_id
            and reversals.payer_control_number = cancelled.payer_control_number
            and reversals.payment_date = cancelled.payment_date
            and reversals.event_charge_usd = cancelled.event_charge_usd
            and reversals.event_paid_usd = cancelled.event_paid_usd
            and reversals.place = cancelled.place
            and reversals.transaction_id <> cancelled.transaction_id
    where reversals.is_reversal and not cancelled.is_reversal
)

select * from final
