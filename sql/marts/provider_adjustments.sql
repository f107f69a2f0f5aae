-- what    money moved beside the claims: take-backs, forwarded balances, interest
-- grain   one row per PLB pair of a remit that counts
-- key     source_file, transaction_number, adjustment_number
-- reads   int_payers_recognised, int_remit_events_in_order, int_transactions_counted_once, raw_site, stg_835__provider_adjustments, stg_835__remits
-- beware  positive takes money; it is in no claim's paid amount

with

references_of_claims as (
    select
        payer_id,
        payer_control_number as reference_id,
        claim_id
    from int_remit_events_in_order
    union
    select
        payer_id,
        claim_number as reference_id,
        claim_id
    from int_remit_events_in_order
),

claims as (
    select
        payer_id,
        reference_id,
        min(claim_id) as claim_id
    from references_of_claims
    where reference_id is not null
    group by payer_id, reference_id
    having count(distinct claim_id) = 1
),

final as (
    select
        transactions.source_file,
        transactions.transaction_number,
        adjustments.adjustment_number,
        payers.payer_id,
        remits.payment_date,
        adjustments.reason_code,
        adjustments.reference_id,
        adjustments.adjustment_usd as amount_usd,
        claims.claim_id as linked_claim_id,
        adjustments.source_offset
    from stg_835__provider_adjustments as adjustments
    inner join stg_835__remits as remits
        on adjustments.transaction_id = remits.transaction_id
    inner join int_transactions_counted_once as transactions
        on
            adjustments.transaction_id = transactions.transaction_id
            and transactions.status = 'loaded'
    inner join int_payers_recognised as payers
        on
            remits.payer_code = payers.payer_code
            and remits.payer_other_code = payers.payer_other_code
            and remits.payer_name = payers.payer_name_sent
    cross join raw_site
    left join claims
        on
            payers.payer_id = claims.payer_id
            and adjustments.reference_id = claims.reference_id
    where
        coalesce(
            remits.payment_date, remits.production_date, transactions.gs_date
        ) <= raw_site.as_of
)

select * from final
