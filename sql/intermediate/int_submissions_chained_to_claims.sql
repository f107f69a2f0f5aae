-- what    which claim each sending belongs to, and which sending is live
-- grain   one row per kept submission (repeats of an original left out)
-- key     submission_id
-- reads   int_claim_submissions, int_replacements_with_parent
-- beware  one claim number can name several claims; claim_id is unique (RULES 3.5 to 3.7)

with recursive

kept as (
    select
        int_claim_submissions.*,
        int_replacements_with_parent.parent_order
    from int_claim_submissions
    left join int_replacements_with_parent
        on
            int_claim_submissions.submission_order
            = int_replacements_with_parent.submission_order
    where not int_claim_submissions.is_resend
),

climb as (
    select
        submission_order,
        parent_order as ancestor_order
    from int_replacements_with_parent
    union all
    select
        climb.submission_order,
        int_replacements_with_parent.parent_order as ancestor_order
    from climb
    inner join int_replacements_with_parent
        on climb.ancestor_order = int_replacements_with_parent.submission_order
),

roots as (
    select
        submission_order,
        min(ancestor_order) as root_order
    from climb
    group by all
),

starts as (
    select
        submission_order as root_order,
        claim_number as root_claim_number,
        first_service_date as root_service_date,
        row_number() over (
            partition by claim_number, first_service_date, payer_id, payer_rank
            order by submission_order
        ) as claim_counter
    from kept
    where parent_order is null
),

claims as (
    select distinct
        root_claim_number,
        root_service_date,
        claim_counter
    from starts
),

claims_named as (
    select
        root_claim_number,
        root_service_date,
        claim_counter,
        case
            when count(*) over (partition by root_claim_number) = 1
                then root_claim_number
            when
                count(*) over (partition by root_claim_number, root_service_date) = 1
                then
                    root_claim_number || '-'
                    || coalesce(strftime(root_service_date, '%Y%m%d'), 'undated')
            else
                root_claim_number || '-'
                || coalesce(strftime(root_service_date, '%Y%m%d'), 'undated')
                || '-' || cast(claim_counter as varchar)
        end as claim_id
    from claims
),

final as (
    select
        kept.*,
        claims_named.claim_id,
        claims_named.root_service_date,
        claims_named.claim_counter,
        row_number() over (
            partition by claims_named.claim_id, kept.payer_id, kept.payer_rank
            order by kept.submission_order desc
        ) = 1 as is_live_submission
    from kept
    left join roots
        on kept.submission_order = roots.submission_order
    inner join starts
        on coalesce(roots.root_order, kept.submission_order) = starts.root_order
    inner join claims_named
        on
            starts.root_claim_number = claims_named.root_claim_number
            and starts.root_service_date
            is not distinct from claims_named.root_service_date
            and starts.claim_counter = claims_named.claim_counter
)

select * from final
