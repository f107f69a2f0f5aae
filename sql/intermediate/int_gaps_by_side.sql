-- what    every gap as a shortfall, an overpayment, a penny, or a difference inside a match
-- grain   one row per drug line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_gaps_with_denied_part, int_cap_gaps_spread
-- beware  short and over are never netted but among the lines of a cap over their claim, whose price is one (RULES 9.2)

with

-- what of a gap is short or over when lines that were paid together are looked at so
sides as (
    select
        gaps.*,
        caps.claim_id is not null as is_spread_over_cap,
        case
            when gaps.gap_usd is null then null
            when gaps.is_matched_together then cast(0 as decimal(18, 2))
            when caps.claim_id is not null then caps.spread_usd
            when abs(gaps.gap_usd) <= 0.01 then cast(0 as decimal(18, 2))
            when gaps.gap_usd > 0
                then
                    cast(gaps.gap_usd - gaps.denied_expected_usd as decimal(18, 2))
            else gaps.gap_usd
        end as side_usd
    from int_gaps_with_denied_part as gaps
    left join int_cap_gaps_spread as caps
        on
            gaps.claim_id = caps.claim_id
            and gaps.line_number = caps.line_number
            and gaps.payer_id = caps.payer_id
            and gaps.payer_rank = 'primary'
),

final as (
    select
        * exclude (is_spread_over_cap, side_usd),
        cast(greatest(0, coalesce(side_usd, 0)) as decimal(18, 2)) as shortfall_usd,
        cast(greatest(0, coalesce(-side_usd, 0)) as decimal(18, 2)) as overpaid_usd,
        cast(
            case
                when
                    is_matched_together or is_spread_over_cap or abs(gap_usd) > 0.01
                    then 0
                else coalesce(gap_usd, 0)
            end as decimal(18, 2)
        ) as penny_usd,
        cast(
            case
                when is_matched_together or is_spread_over_cap
                    then coalesce(gap_usd - side_usd, 0)
                else 0
            end as decimal(18, 2)
        ) as pair_offset_usd,
        case
            when gap_usd is null then null
            when is_pair then 'pair'
            when is_whole_match or is_cap_match then 'claim'
            when is_spread_over_cap and side_usd = 0 then 'claim'
            when not is_spread_over_cap and abs(gap_usd) <= 0.01 then 'line'
        end as match_basis
    from sides
)

select * from final
