-- what    the part of each gap that was denied, in contract dollars
-- grain   one row per drug line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_gaps_compared, int_denied_parts_at_rate
-- beware  the denied part goes first and never exceeds the gap (RULES 9.3)

select
    gaps.*,
    cast(
        case
            when gaps.outcome in ('denied', 'zero_no_reason')
                then
                    case
                        when gaps.payer_rank = 'primary' then gaps.expected_allowed_usd
                    end
            when
                gaps.outcome <> 'partly_denied'
                or gaps.gap_usd is null
                or gaps.gap_usd <= 0.01
                or gaps.is_matched_together
                then 0
            when denied_parts.claim_id is null then 0
            else
                least(gaps.gap_usd, coalesce(denied_parts.at_rate_usd, gaps.gap_usd))
        end as decimal(18, 2)
    ) as denied_expected_usd
from int_gaps_compared as gaps
left join int_denied_parts_at_rate as denied_parts
    on
        gaps.claim_id = denied_parts.claim_id
        and gaps.line_number = denied_parts.line_number
        and gaps.payer_id = denied_parts.payer_id
        and gaps.payer_rank = 'primary'
