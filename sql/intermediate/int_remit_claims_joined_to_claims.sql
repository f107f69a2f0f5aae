-- what    the claim each remit claim answers
-- grain   one row per remit claim
-- key     remit_claim_id
-- reads   int_remit_claims_in_order, int_submissions_chained_to_claims, stg_835__remit_lines, stg_837__claim_lines
-- beware  joins one claim of its claim number, never all of them (RULES 4.3, 4.4)

with

claim_spans as (
    select
        claim_id,
        min(case when lines_signature <> '' then first_service_date end)
            as first_service_date,
        max(case when lines_signature <> '' then last_service_date end)
            as last_service_date
    from int_submissions_chained_to_claims
    group by all
),

candidates as (
    select
        int_remit_claims_in_order.remit_claim_id,
        claim_spans.claim_id,
        submissions.root_service_date,
        submissions.claim_counter,
        coalesce(
            int_remit_claims_in_order.service_date
            between claim_spans.first_service_date
            and claim_spans.last_service_date,
            false
        ) as date_fits,
        abs(int_remit_claims_in_order.charge_usd) = submissions.charge_usd
            as charge_fits,
        int_remit_claims_in_order.payer_id = submissions.payer_id as payer_fits
    from int_remit_claims_in_order
    inner join int_submissions_chained_to_claims as named
        on int_remit_claims_in_order.claim_number = named.claim_number
    inner join claim_spans
        on named.claim_id = claim_spans.claim_id
    inner join int_submissions_chained_to_claims as submissions
        on named.claim_id = submissions.claim_id
),

control_number_hits as (
    select distinct
        stg_835__remit_lines.remit_claim_id,
        stg_835__remit_lines.line_control_number,
        submissions.claim_id
    from stg_835__remit_lines
    inner join candidates
        on stg_835__remit_lines.remit_claim_id = candidates.remit_claim_id
    inner join int_submissions_chained_to_claims as submissions
        on candidates.claim_id = submissions.claim_id
    inner join stg_837__claim_lines
        on
            submissions.submission_id = stg_837__claim_lines.submission_id
            and stg_835__remit_lines.line_control_number
            = stg_837__claim_lines.line_control_number
),

telling_hits as (
    select distinct
        remit_claim_id,
        claim_id
    from control_number_hits
    qualify
        count(*) over (partition by remit_claim_id, line_control_number) = 1
),

best as (
    select
        candidates.remit_claim_id,
        candidates.claim_id
    from candidates
    left join telling_hits
        on
            candidates.remit_claim_id = telling_hits.remit_claim_id
            and candidates.claim_id = telling_hits.claim_id
    qualify
        row_number() over (
            partition by candidates.remit_claim_id
            order by
                case when telling_hits.claim_id is null then 1 else 0 end,
                case when candidates.date_fits then 0 else 1 end,
                case when candidates.charge_fits then 0 else 1 end,
                case when candidates.payer_fits then 0 else 1 end,
                candidates.root_service_date,
                candidates.claim_counter,
                candidates.claim_id
        ) = 1
),

has_control_number as (
    select distinct remit_claim_id
    from stg_835__remit_lines
    where line_control_number is not null
),

events as (
    select
        int_remit_claims_in_order.*,
        best.claim_id,
        int_remit_claims_in_order.service_date is not null
        or has_control_number.remit_claim_id is not null as can_tell
    from int_remit_claims_in_order
    left join best
        on int_remit_claims_in_order.remit_claim_id = best.remit_claim_id
    left join has_control_number
        on
            int_remit_claims_in_order.remit_claim_id
            = has_control_number.remit_claim_id
),

tellers as (
    select
        payer_id,
        claim_number,
        payer_control_number,
        claim_id,
        service_date
    from events
    where can_tell and payer_control_number is not null
    qualify
        row_number() over (
            partition by payer_id, claim_number, payer_control_number
            order by event_order
        ) = 1
),

placed as (
    select
        events.*,
        coalesce(
            case when not events.can_tell then tellers.claim_id end, events.claim_id
        ) as joined_claim_id,
        coalesce(events.service_date, tellers.service_date) as remit_only_date
    from events
    left join tellers
        on
            events.payer_id = tellers.payer_id
            and events.claim_number = tellers.claim_number
            and events.payer_control_number = tellers.payer_control_number
),

remit_only as (
    select distinct
        claim_number,
        remit_only_date
    from placed
    where joined_claim_id is null
),

remit_only_named as (
    select
        claim_number,
        remit_only_date,
        case
            when count(*) over (partition by claim_number) = 1 then claim_number
            else
                claim_number || '-'
                || coalesce(strftime(remit_only_date, '%Y%m%d'), 'undated')
        end as claim_id
    from remit_only
),

final as (
    select
        placed.* exclude (claim_id, joined_claim_id, can_tell),
        coalesce(placed.joined_claim_id, remit_only_named.claim_id) as claim_id,
        placed.joined_claim_id is null as is_remit_only
    from placed
    left join remit_only_named
        on
            placed.claim_number = remit_only_named.claim_number
            and placed.remit_only_date
            is not distinct from remit_only_named.remit_only_date
)

select * from final
