-- what    reversals that find an event of the same payer control number and opposite amounts
-- grain   one row per reversal paired in this step
-- key     reversal_id
-- reads   int_remit_claims_joined_to_claims
-- beware  first event first; a reversal never cancels what comes after it (RULES 4.6)

with

events as (
    select
        remit_claim_id,
        event_order,
        claim_id,
        payer_id,
        payer_control_number,
        status_code = '22' as is_reversal,
        case when status_code = '22' then -charge_usd else charge_usd end
            as event_charge_usd,
        case when status_code = '22' then -paid_usd else paid_usd end
            as event_paid_usd
    from int_remit_claims_joined_to_claims
    where payer_control_number is not null
),

balances as (
    select
        *,
        sum(case when is_reversal then -1 else 1 end) over (
            partition by
                claim_id,
                payer_id,
                payer_control_number,
                event_charge_usd,
                event_paid_usd
            order by event_order
            rows between unbounded preceding and current row
        ) as balance
    from events
),

reversals_with_something_to_cancel as (
    select
        *,
        is_reversal
        and balance >= least(
            0,
            coalesce(
                min(balance) over (
                    partition by
                        claim_id,
                        payer_id,
                        payer_control_number,
                        event_charge_usd,
                        event_paid_usd
                    order by event_order
                    rows between unbounded preceding and 1 preceding
                ),
                0
            )
        ) as is_pairable_reversal
    from balances
),

numbered as (
    select
        *,
        row_number() over (
            partition by
                claim_id,
                payer_id,
                payer_control_number,
                event_charge_usd,
                event_paid_usd,
                is_reversal,
                is_pairable_reversal
            order by event_order
        ) as place
    from reversals_with_something_to_cancel
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
            and reversals.event_charge_usd = cancelled.event_charge_usd
            and reversals.event_paid_usd = cancelled.event_paid_usd
            and reversals.place = cancelled.place
    where
        reversals.is_pairable_reversal
        and not cancelled.is_reversal
)

select * from final
