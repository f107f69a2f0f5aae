-- what    whether every remit adds up, at line, claim and transaction
-- grain   one row per 835 transaction that counts
-- key     source_file, transaction_number
-- reads   int_transactions_counted_once, raw_site, stg_835__adjustments, stg_835__provider_adjustments, stg_835__remit_claims, stg_835__remit_lines, stg_835__remits
-- beware  line and claim differences add absolute amounts: two errors never cancel; what a flat extract does not tell is null

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
        lines.remit_claim_id,
        sum(
            abs(
                coalesce(lines.charge_usd, 0)
                - coalesce(line_adjustments.adjustments_usd, 0)
                - coalesce(lines.paid_usd, 0)
            )
        ) as line_difference_usd
    from stg_835__remit_lines as lines
    left join line_adjustments
        on
            lines.remit_claim_id = line_adjustments.remit_claim_id
            and lines.remit_line_number = line_adjustments.remit_line_number
    group by lines.remit_claim_id
),

remit_claims as (
    select
        claims.transaction_id,
        coalesce(claims.paid_usd, 0) as paid_usd,
        coalesce(line_differences.line_difference_usd, 0) as line_difference_usd,
        abs(
            coalesce(claims.charge_usd, 0)
            - coalesce(claim_adjustments.adjustments_usd, 0)
            - coalesce(claims.paid_usd, 0)
        ) as claim_difference_usd,
        claim_adjustments.remit_claim_id is not null as has_adjustment
    from stg_835__remit_claims as claims
    left join claim_adjustments
        on claims.remit_claim_id = claim_adjustments.remit_claim_id
    left join line_differences
        on claims.remit_claim_id = line_differences.remit_claim_id
),

-- X12 tells every adjustment; in a flat extract an answer without any may leave them out
remit_claims_told as (
    select
        remit_claims.*,
        transactions.has_se is not null
        or remit_claims.has_adjustment
        or (
            remit_claims.line_difference_usd = 0
            and remit_claims.claim_difference_usd = 0
        ) as is_told
    from remit_claims
    inner join int_transactions_counted_once as transactions
        on remit_claims.transaction_id = transactions.transaction_id
),

claim_differences as (
    select
        transaction_id,
        count(*) as claims,
        count(case when is_told then 1 end) as claims_told,
        sum(paid_usd) as paid_usd,
        sum(case when is_told then line_difference_usd else 0 end)
            as line_difference_usd,
        sum(case when is_told then claim_difference_usd else 0 end)
            as claim_difference_usd
    from remit_claims_told
    group by transaction_id
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
        transactions.has_se is null
        and coalesce(claim_differences.claims_told, 0)
        < coalesce(claim_differences.claims, 0) as has_untold_claim,
        transactions.has_se is null
        and coalesce(claim_differences.claims_told, 0) = 0 as is_untold,
        case
            when
                transactions.has_se is not null
                or remits.payment_amount_usd is not null
                then
                    case when remits.credit_debit = 'D' then -1 else 1 end
                    * coalesce(remits.payment_amount_usd, 0)
        end as payment_usd,
        coalesce(claim_differences.line_difference_usd, 0) as line_difference_usd,
        coalesce(claim_differences.claim_difference_usd, 0) as claim_difference_usd,
        coalesce(claim_differences.paid_usd, 0)
        - coalesce(provider_adjustments.adjustments_usd, 0) as claims_and_plb_usd,
        transactions.has_se is not null
        or provider_adjustments.transaction_id is not null
        or coalesce(claim_differences.paid_usd, 0)
        = case when remits.credit_debit = 'D' then -1 else 1 end
        * coalesce(remits.payment_amount_usd, 0) as is_plb_told
    from stg_835__remits as remits
    inner join int_transactions_counted_once as transactions
        on
            remits.transaction_id = transactions.transaction_id
            and transactions.status = 'loaded'
    cross join raw_site
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
        cast(case when not is_untold then line_difference_usd end as decimal(18, 2))
            as line_difference_usd,
        cast(case when not is_untold then claim_difference_usd end as decimal(18, 2))
            as claim_difference_usd,
        cast(
            case when is_plb_told then payment_usd - claims_and_plb_usd end
            as decimal(18, 2)
        ) as transaction_difference_usd,
        has_se,
        case
            when
                not coalesce(has_se, true)
                or line_difference_usd <> 0
                or claim_difference_usd <> 0
                or (is_plb_told and payment_usd <> claims_and_plb_usd)
                then false
            when
                has_untold_claim
                or is_untold
                or payment_usd is null
                or not is_plb_told
                then null
            else true
        end as balanced
    from differences
)

select * from final
