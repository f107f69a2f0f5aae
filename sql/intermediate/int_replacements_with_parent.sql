-- what    the earlier sending that each replacement (7) or void (8) ends
-- grain   one row per replacement or void that has a parent
-- key     submission_order
-- reads   int_claim_submissions, stg_835__remit_claims, int_remit_claims_in_order
-- beware  REF*F8 decides before the same claim number and date do (RULES 3.6)

with

submissions as (
    select * from int_claim_submissions
    where not is_resend
),

control_numbers as (
    select distinct
        int_remit_claims_in_order.payer_id,
        stg_835__remit_claims.payer_control_number,
        stg_835__remit_claims.claim_number
    from stg_835__remit_claims
    inner join int_remit_claims_in_order
        on
            stg_835__remit_claims.remit_claim_id
            = int_remit_claims_in_order.remit_claim_id
    where stg_835__remit_claims.payer_control_number is not null
),

by_control_number as (
    select
        submissions.submission_order,
        max(earlier.submission_order) as parent_order
    from submissions
    inner join control_numbers
        on
            submissions.payer_id = control_numbers.payer_id
            and submissions.original_control_number
            = control_numbers.payer_control_number
    inner join submissions as earlier
        on
            control_numbers.claim_number = earlier.claim_number
            and submissions.payer_id = earlier.payer_id
            and submissions.submission_order > earlier.submission_order
    where submissions.is_replacement
    group by all
),

by_claim_number as (
    select
        submissions.submission_order,
        max(earlier.submission_order) as parent_order
    from submissions
    inner join submissions as earlier
        on
            submissions.claim_number = earlier.claim_number
            and submissions.first_service_date = earlier.first_service_date
            and submissions.payer_id = earlier.payer_id
            and submissions.submission_order > earlier.submission_order
    where submissions.is_replacement
    group by all
),

final as (
    select
        submissions.submission_order,
        coalesce(by_control_number.parent_order, by_claim_number.parent_order)
            as parent_order
    from submissions
    left join by_control_number
        on submissions.submission_order = by_control_number.submission_order
    left join by_claim_number
        on submissions.submission_order = by_claim_number.submission_order
    where
        coalesce(by_control_number.parent_order, by_claim_number.parent_order)
        is not null
)

select * from final
