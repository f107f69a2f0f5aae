-- what    every claim a remit claim may answer, and in what it does not fit
-- grain   one row per remit claim and claim that was sent under its claim number
-- key     remit_claim_id, claim_id
-- reads   int_remit_claims_in_order, int_submissions_chained_to_claims, stg_835__remit_lines, stg_837__claim_lines
-- beware  of every misfit the least is the best; the payer is asked of the submission with the charge first (RULES 4.3)

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

named as (
    select distinct
        claim_number,
        claim_id
    from int_submissions_chained_to_claims
),

candidates as (
    select
        int_remit_claims_in_order.remit_claim_id,
        claim_spans.claim_id,
        submissions.submission_id,
        submissions.root_service_date,
        submissions.claim_counter,
        coalesce(
            int_remit_claims_in_order.service_date
            between claim_spans.first_service_date
            and claim_spans.last_service_date,
            false
        ) as date_fits,
        coalesce(
            abs(int_remit_claims_in_order.charge_usd) = submissions.charge_usd, false
        ) as charge_fits,
        int_remit_claims_in_order.payer_id = submissions.payer_id as payer_fits
    from int_remit_claims_in_order
    inner join named
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
        candidates.claim_id
    from stg_835__remit_lines
    inner join candidates
        on stg_835__remit_lines.remit_claim_id = candidates.remit_claim_id
    inner join stg_837__claim_lines
        on
            candidates.submission_id = stg_837__claim_lines.submission_id
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

final as (
    select
        candidates.remit_claim_id,
        candidates.claim_id,
        candidates.root_service_date,
        candidates.claim_counter,
        case when telling_hits.claim_id is null then 1 else 0 end
            as control_number_misfit,
        min(case when candidates.date_fits then 0 else 1 end) as date_misfit,
        min(case when candidates.charge_fits then 0 else 1 end) as charge_misfit,
        -- the charge and the payer of one submission, else the payer
        min(
            case
                when candidates.charge_fits and candidates.payer_fits then 0
                when candidates.payer_fits then 1
                else 2
            end
        ) as payer_misfit
    from candidates
    left join telling_hits
        on
            candidates.remit_claim_id = telling_hits.remit_claim_id
            and candidates.claim_id = telling_hits.claim_id
    group by
        candidates.remit_claim_id,
        candidates.claim_id,
        candidates.root_service_date,
        candidates.claim_counter,
        case when telling_hits.claim_id is null then 1 else 0 end
)

select * from final
