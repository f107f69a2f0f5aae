-- what    the lines each claim stands for at the payers it was sent to, dropped ones last
-- grain   one row per claim line, payer and rank that was sent
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_submissions_chained_to_claims, int_claim_lines_dropped, stg_837__claim_lines
-- beware  a voided claim shows its parent's lines

with

shown as (
    select
        submissions.claim_id,
        submissions.payer_id,
        submissions.payer_rank,
        submissions.submission_id,
        submissions.submission_id as lines_of_submission_id,
        'live' as line_state
    from int_submissions_chained_to_claims as submissions
    where submissions.is_live_submission and submissions.frequency_code <> '8'
    union all
    select
        submissions.claim_id,
        submissions.payer_id,
        submissions.payer_rank,
        submissions.submission_id,
        coalesce(parents.submission_id, submissions.submission_id)
            as lines_of_submission_id,
        'voided' as line_state
    from int_submissions_chained_to_claims as submissions
    left join int_submissions_chained_to_claims as parents
        on submissions.parent_order = parents.submission_order
    where submissions.is_live_submission and submissions.frequency_code = '8'
),

shown_lines as (
    select
        shown.claim_id,
        shown.payer_id,
        shown.payer_rank,
        shown.submission_id,
        shown.lines_of_submission_id,
        shown.line_state,
        stg_837__claim_lines.line_number as line_of_submission,
        stg_837__claim_lines.line_number
    from shown
    inner join stg_837__claim_lines
        on shown.lines_of_submission_id = stg_837__claim_lines.submission_id
),

-- a live sending may have lost all its lines; those it replaced are dropped all the same
last_line_numbers as (
    select
        shown.claim_id,
        shown.payer_id,
        shown.payer_rank,
        max(shown.submission_id) as submission_id,
        coalesce(max(shown_lines.line_number), 0) as last_line_number
    from shown
    left join shown_lines
        on
            shown.claim_id = shown_lines.claim_id
            and shown.payer_id = shown_lines.payer_id
            and shown.payer_rank = shown_lines.payer_rank
    group by all
),

dropped_lines as (
    select
        int_claim_lines_dropped.claim_id,
        int_claim_lines_dropped.payer_id,
        int_claim_lines_dropped.payer_rank,
        last_line_numbers.submission_id,
        int_claim_lines_dropped.submission_id as lines_of_submission_id,
        'dropped' as line_state,
        int_claim_lines_dropped.line_number as line_of_submission,
        last_line_numbers.last_line_number + row_number() over (
            partition by
                int_claim_lines_dropped.claim_id,
                int_claim_lines_dropped.payer_id,
                int_claim_lines_dropped.payer_rank
            order by
                int_claim_lines_dropped.submission_order,
                int_claim_lines_dropped.line_number
        ) as line_number
    from int_claim_lines_dropped
    inner join last_line_numbers
        on
            int_claim_lines_dropped.claim_id = last_line_numbers.claim_id
            and int_claim_lines_dropped.payer_id = last_line_numbers.payer_id
            and int_claim_lines_dropped.payer_rank = last_line_numbers.payer_rank
),

final as (
    select * from shown_lines
    union all
    select * from dropped_lines
)

select
    claim_id,
    cast(line_number as bigint) as line_number,
    payer_id,
    payer_rank,
    submission_id,
    lines_of_submission_id,
    line_of_submission,
    line_state
from final
