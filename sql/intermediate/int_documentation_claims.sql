-- what    what the claim of a line says beside the line: its diagnoses, and whether it states an authorization
-- grain   one row per primary claim line that stands on a claim on file
-- key     claim_id, line_number, payer_id
-- reads   int_claim_lines_per_payer, stg_837__claims, stg_837__claim_lines
-- beware  of the sending that the line's facts are from (RULES 3.9); a line only a remit names has no row

with

final as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        upper(replace(claims.diagnoses, '.', '')) as diagnoses,
        coalesce(claim_lines.authorization_number, claims.authorization_number)
        is not null as has_authorization_number
    from int_claim_lines_per_payer as lines
    inner join stg_837__claims as claims
        on lines.lines_of_submission_id = claims.submission_id
    inner join stg_837__claim_lines as claim_lines
        on
            lines.lines_of_submission_id = claim_lines.submission_id
            and lines.line_of_submission = claim_lines.line_number
    where lines.payer_rank = 'primary'
)

select * from final
