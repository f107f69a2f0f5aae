-- what    whether every remit adds up, at line, claim and transaction
-- grain   one row per 835 transaction that counts
-- key     source_file, transaction_number
-- reads   int_transactions_counted_once, raw_site, stg_835__adjustments, stg_835__provider_adjustments, stg_835__remit_claims, stg_835__remit_lines, stg_835__remits
-- beware  line and claim differences add absolute amounts: two errors never cancel

with

line_adjustments as (
    select
        remit_claim_id,
        remit_line_number,
        sum(adjustment_usd) as adjustments_usd
    from stg_835__adjustments
    where remit_line_number is not null
    group by all
),

claim_adjustments as (
    select
        remit_claim_id,
        sum(adjustment_usd) as adjustments_usd
    from stg_835__adjustments
    group by all
),

line_differences as (
    select
        remit_claims.transaction_id,
        sum(
            abs(
                coalesce(lines.charge_usd, 0)
                - coalesce(line_adjustments.adjustments_usd, 0)
                - coalesce(lines.paid_usd, 0)
            )
        ) as line_difference_usd
    from stg_835__remit_lines as lines
    inner join stg_835__remit_claims as remit_claims
        on lines.remit_claim_id = remit_claims.remit_claim_id
    left join line_adjustments
        on
            lines.remit_claim_id = line_adjustments.remit_claim_id
            and lines.remit_line_number = line_adjustments.remit_line_number
    group by remit_claims.transaction_id
),

claim_differences as (
    select
        remit_claims.transaction_id,
        count(*) as claims,
        sum(coalesce(remit_claims.paid_usd, 0)) as paid_usd,
        sum(
            abs(
                coalesce(remit_claims.charge_usd, 0)
                - coalesce(claim_adjustments.adjustments_usd, 0)
                - coalesce(remit_claims.paid_usd, 0)
            )
        ) as claim_difference_usd
    from stg_835__remit_claims as remit_claims
    left join claim_adjustments
        on remit_claims.remit_claim_id = claim_adjustments.remit_claim_id
    group by remit_claims.transaction_id
),

provider_adjustments as (
    select
        transaction_id,
        sum(adjustment_usd) as adjustments_usd
    from stg_835__provider_adjustments
    group by all
),

differences as (
    select
        transactions.source_file,
        transactions.transaction_number,
        transactions.has_se,
        remits.payment_date,
        remits.trace_number,
        coalesce(claim_differences.claims, 0) as claims,
        case when remits.credit_debit = 'D' then -1 else 1 end
        * coalesce(remits.payment_amount_usd, 0) as payment_usd,
        coalesce(line_differences.line_difference_usd, 0) as line_difference_usd,
        coalesce(claim_differences.claim_difference_usd, 0) as claim_difference_usd,
        case when remits.credit_debit = 'D' then -1 else 1 end
        * coalesce(remits.payment_amount_usd, 0)
        - coalesce(claim_differences.paid_usd, 0)
        + coalesce(provider_adjustments.adjustments_usd, 0)
            as transaction_difference_usd
    from stg_835__remits as remits
    inner join int_transactions_counted_once as transactions
        on
            remits.transaction_id = transactions.transaction_id
            and transactions.status = 'loaded'
    cross join raw_site
    left join line_differences
        on remits.transaction_id = line_differences.transaction_id
    left join claim_differences
        on remits.transaction_id = claim_differences.transaction_id
    left join provider_adjustments
        on remits.transaction_id = provider_adjustments.transaction_id
    where
        coalesce(
            remits.payment_date, remits.production_date, transactions.gs_date
        ) <= raw_site.as_of
),

final as (
    select
        source_file,
        transaction_number,
        payment_date,
        trace_number,
        claims,
        cast(payment_usd as decimal(18, 2)) as payment_usd,
        cast(line_difference_usd as decimal(18, 2)) as line_difference_usd,
        cast(claim_difference_usd as decimal(18, 2)) as claim_difference_usd,
        cast(transaction_difference_usd as decimal(18, 2))
            as transaction_difference_usd,
        has_se,
        has_se
        and line_difference_usd = 0
        and claim_difference_usd = 0
        and transaction_difference_usd = 0 as balanced
    from differences
)

select * from final
