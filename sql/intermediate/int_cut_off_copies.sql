-- what    transactions without an SE that came again, longer: uploads that broke off
-- grain   one row per cut-off transaction that another one continues
-- key     transaction_id
-- reads   stg_x12__transactions, stg_835__remit_claims, stg_837__claims
-- beware  every claim of the cut-off one must stand in the other unchanged

with

claims as (
    select
        transaction_id,
        remit_claim_number as place,
        claim_number,
        status_code as status_or_frequency,
        charge_usd,
        paid_usd
    from stg_835__remit_claims
    union all
    select
        transaction_id,
        submission_number as place,
        claim_number,
        frequency_code as status_or_frequency,
        charge_usd,
        cast(null as decimal(18, 2)) as paid_usd
    from stg_837__claims
),

claim_counts as (
    select
        transaction_id,
        count(*) as claims
    from claims
    group by all
),

transactions as (
    select
        stg_x12__transactions.*,
        substr(stg_x12__transactions.transaction_type, 1, 3) as kind,
        coalesce(claim_counts.claims, 0) as claims
    from stg_x12__transactions
    left join claim_counts
        on stg_x12__transactions.transaction_id = claim_counts.transaction_id
    where
        stg_x12__transactions.transaction_type in ('835', '837P', '837I')
        and coalesce(stg_x12__transactions.usage_indicator, 'P') <> 'T'
),

candidates as (
    select
        cut_off.transaction_id,
        cut_off.claims,
        longer.transaction_id as longer_transaction_id
    from transactions as cut_off
    inner join transactions as longer
        on
            cut_off.kind = longer.kind
            and cut_off.isa_control is not distinct from longer.isa_control
            and cut_off.gs_control is not distinct from longer.gs_control
            and cut_off.st_control is not distinct from longer.st_control
            and cut_off.gs_date is not distinct from longer.gs_date
            and cut_off.gs_time = longer.gs_time
            and cut_off.transaction_id <> longer.transaction_id
    where
        not cut_off.has_se
        and (longer.has_se or longer.segments > cut_off.segments)
),

claims_told_again as (
    select
        candidates.transaction_id,
        candidates.longer_transaction_id,
        count(*) as claims
    from candidates
    inner join claims as first_told
        on candidates.transaction_id = first_told.transaction_id
    inner join claims as told_again
        on
            candidates.longer_transaction_id = told_again.transaction_id
            and first_told.place = told_again.place
            and first_told.claim_number = told_again.claim_number
            and first_told.status_or_frequency
            is not distinct from told_again.status_or_frequency
            and first_told.charge_usd is not distinct from told_again.charge_usd
            and first_told.paid_usd is not distinct from told_again.paid_usd
    group by all
),

final as (
    select distinct candidates.transaction_id
    from candidates
    left join claims_told_again
        on
            candidates.transaction_id = claims_told_again.transaction_id
            and candidates.longer_transaction_id
            = claims_told_again.longer_transaction_id
    where candidates.claims = coalesce(claims_told_again.claims, 0)
)

select * from final
