-- what    the remark code that says why, for each remit line
-- grain   one row per remit line that has a telling remark code
-- key     remit_claim_id, remit_line_number
-- reads   int_remit_lines_placed, int_remit_events_in_order, stg_835__remit_lines, stg_ref__denial_reasons
-- beware  the line's LQ codes are read before the claim's MOA or MIA codes (RULES 6.2)

with

codes_of_lines as (
    select
        placed.remit_claim_id,
        placed.remit_line_number,
        trim(lines.remark_codes || ' ' || events.remark_codes) as remark_codes
    from int_remit_lines_placed as placed
    inner join int_remit_events_in_order as events
        on placed.remit_claim_id = events.remit_claim_id
    inner join stg_835__remit_lines as lines
        on
            placed.remit_claim_id = lines.remit_claim_id
            and placed.remit_line_number = lines.remit_line_number
    union all
    select
        remit_claim_id,
        0 as remit_line_number,
        trim(remark_codes) as remark_codes
    from int_remit_events_in_order
    where remark_codes <> ''
),

final as (
    select
        codes_of_lines.remit_claim_id,
        codes_of_lines.remit_line_number,
        reasons.code as rarc,
        reasons.denial_class,
        reasons.meaning
    from codes_of_lines
    inner join stg_ref__denial_reasons as reasons
        on
            reasons.code_set = 'RARC'
            and reasons.denial_class not in (
                'informational', 'rejection_no_appeal', 'appeal_outcome'
            )
            and strpos(
                ' ' || codes_of_lines.remark_codes || ' ', ' ' || reasons.code || ' '
            ) > 0
    qualify
        row_number() over (
            partition by
                codes_of_lines.remit_claim_id, codes_of_lines.remit_line_number
            order by
                strpos(
                    ' ' || codes_of_lines.remark_codes || ' ',
                    ' ' || reasons.code || ' '
                ),
                reasons.row_id
        ) = 1
)

select * from final
