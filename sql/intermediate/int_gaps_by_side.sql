-- what    every gap as a shortfall, an overpayment, a penny, or a difference inside a match
-- grain   one row per drug line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_gaps_with_denied_part
-- beware  short and over are never netted (RULES 9.2)

select
    *,
    cast(
        case
            when gap_usd is null or is_matched_together or gap_usd <= 0.01 then 0
            else gap_usd - denied_expected_usd
        end as decimal(18, 2)
    ) as shortfall_usd,
    cast(
        case
            when gap_usd is null or is_matched_together or gap_usd >= -0.01 then 0
            else -gap_usd
        end as decimal(18, 2)
    ) as overpaid_usd,
    cast(
        case
            when
                gap_usd is null or is_matched_together or abs(gap_usd) > 0.01
                then 0
            else gap_usd
        end as decimal(18, 2)
    ) as penny_usd,
    cast(
        case
            when gap_usd is not null and is_matched_together then gap_usd else 0
        end
        as decimal(18, 2)
    ) as pair_offset_usd,
    case
        when gap_usd is null then null
        when is_pair then 'pair'
        when is_whole_match or is_cap_match then 'claim'
        when abs(gap_usd) <= 0.01 then 'line'
    end as match_basis
from int_gaps_with_denied_part
