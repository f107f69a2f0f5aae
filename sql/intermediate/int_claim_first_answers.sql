-- what    when a payer first answered a claim, when it first paid, and when it says it had the claim
-- grain   one row per claim and payer that answered as primary
-- key     claim_id, payer_id
-- reads   int_event_lines, int_remit_events_in_order
-- beware  cancelled and ended answers are answers; pended, forwarded and reversed ones are none (RULES 22.1)

with

speaking as (
    select distinct remit_claim_id
    from int_event_lines
    where speaks and payer_rank = 'primary'
),

events as (
    select
        events.claim_id,
        events.payer_id,
        events.payment_date,
        events.received_date,
        events.paid_usd,
        events.event_order
    from int_remit_events_in_order as events
    inner join speaking
        on events.remit_claim_id = speaking.remit_claim_id
),

first_payments as (
    select
        claim_id,
        payer_id,
        min(payment_date) as first_paid_date
    from events
    where paid_usd > 0
    group by claim_id, payer_id
),

first_answers as (
    select *
    from events
    qualify row_number() over (partition by claim_id, payer_id order by event_order) = 1
),

final as (
    select
        first_answers.claim_id,
        first_answers.payer_id,
        first_answers.payment_date as first_answer_date,
        first_answers.received_date,
        first_payments.first_paid_date
    from first_answers
    left join first_payments
        on
            first_answers.claim_id = first_payments.claim_id
            and first_answers.payer_id = first_payments.payer_id
)

select * from final
