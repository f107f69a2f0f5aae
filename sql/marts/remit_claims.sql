-- what    every answer of a payer to a claim, reversals and repeats too, with what it allowed
-- grain   one row per remit claim (CLP) of a transaction that counts
-- key     source_file, transaction_number, remit_claim_number
-- reads   int_adjustments_with_effect, int_remit_events_in_order, int_transactions_counted_once, raw_site, stg_835__remit_claims
-- beware  records, not claims: a claim has several, and only event_state live stands (RULES 11.5)

with

amounts as (
    select
        remit_claim_id,
        cast(
            sum(
                case
                    when effect in ('patient', 'payment_only', 'paid_to_patient')
                        then adjustment_usd
                    else 0
                end
            ) as decimal(18, 2)
        ) as allowed_beside_paid_usd,
        count(case when reason_code in ('18', 'B13') then 1 end) as duplicate_codes,
        count(case when carc_class <> 'contractual' then 1 end)
            as codes_beyond_contract
    from int_adjustments_with_effect
    group by remit_claim_id
),

final as (
    select
        events.source_file,
        transactions.transaction_number,
        remit_claims.remit_claim_number,
        events.claim_id,
        events.payer_id,
        events.payer_name,
        events.payer_rank,
        events.payment_date,
        events.service_date,
        events.status_code,
        events.charge_usd,
        events.paid_usd,
        cast(
            events.paid_usd + coalesce(amounts.allowed_beside_paid_usd, 0)
            as decimal(18, 2)
        ) as allowed_usd,
        events.event_state,
        coalesce(
            amounts.duplicate_codes > 0
            and amounts.duplicate_codes = amounts.codes_beyond_contract, false
        ) as is_duplicate,
        raw_site.as_of,
        events.source_offset
    from int_remit_events_in_order as events
    inner join int_transactions_counted_once as transactions
        on events.transaction_id = transactions.transaction_id
    inner join stg_835__remit_claims as remit_claims
        on events.remit_claim_id = remit_claims.remit_claim_id
    left join amounts
        on events.remit_claim_id = amounts.remit_claim_id
    cross join raw_site
)

select * from final
