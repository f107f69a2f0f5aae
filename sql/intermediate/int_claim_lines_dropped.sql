-- what    lines of an ended sending that its replacement no longer carries
-- grain   one row per dropped line
-- key     claim_id, payer_id, payer_rank, submission_id, line_number
-- reads   int_submissions_chained_to_claims, stg_837__claim_lines
-- beware  counterparts share code, date and JW, first with first (RULES 3.8)

with

live_replacements as (
    select
        claim_id,
        payer_id,
        payer_rank
    from int_submissions_chained_to_claims
    where is_live_submission and frequency_code = '7'
),

lines as (
    select
        submissions.claim_id,
        submissions.payer_id,
        submissions.payer_rank,
        submissions.submission_id,
        submissions.submission_order,
        submissions.is_live_submission,
        stg_837__claim_lines.line_number,
        stg_837__claim_lines.hcpcs,
        coalesce(
            stg_837__claim_lines.service_date,
            submissions.statement_date,
            submissions.first_service_date
        ) as service_date,
        stg_837__claim_lines.is_waste_line,
        row_number() over (
            partition by
                submissions.submission_id,
                stg_837__claim_lines.hcpcs,
                coalesce(
                    stg_837__claim_lines.service_date,
                    submissions.statement_date,
                    submissions.first_service_date
                ),
                stg_837__claim_lines.is_waste_line
            order by stg_837__claim_lines.line_number
        ) as place
    from int_submissions_chained_to_claims as submissions
    inner join live_replacements
        on
            submissions.claim_id = live_replacements.claim_id
            and submissions.payer_id = live_replacements.payer_id
            and submissions.payer_rank = live_replacements.payer_rank
    inner join stg_837__claim_lines
        on submissions.submission_id = stg_837__claim_lines.submission_id
),

last_copies as (
    select *
    from lines
    qualify
        row_number() over (
            partition by
                claim_id,
                payer_id,
                payer_rank,
                hcpcs,
                service_date,
                is_waste_line,
                place
            order by submission_order desc
        ) = 1
),

final as (
    select
        claim_id,
        payer_id,
        payer_rank,
        submission_id,
        submission_order,
        line_number
    from last_copies
    where not is_live_submission
)

select * from final
