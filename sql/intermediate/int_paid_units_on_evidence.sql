-- what    the units a payer paid, where its answer proves them
-- grain   one row per claim line, payer and rank with a live answer
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_paid_units_told, int_paid_units_at_rate, int_lines_summed_over_live_events
-- beware  null is not stated: an absent count means nothing (RULES 9.8)

select
    told.claim_id,
    told.line_number,
    told.payer_id,
    told.payer_rank,
    case
        when told.billed_units is null then null
        when told.told_units = 0 and sums.allowed_usd <> 0 then null
        when told.is_other_code
            then
                case
                    when told.is_all_answered or told.is_billed_mg
                        then told.told_units
                end
        when told.original_units = told.billed_units then told.told_units
        when told.stated_cut_units = told.billed_units - told.told_units
            then told.told_units
        when at_rate.at_rate_usd = sums.allowed_usd then told.told_units
    end as paid_units
from int_paid_units_told as told
left join int_lines_summed_over_live_events as sums
    on
        told.claim_id = sums.claim_id
        and told.line_number = sums.line_number
        and told.payer_id = sums.payer_id
        and told.payer_rank = sums.payer_rank
left join int_paid_units_at_rate as at_rate
    on
        told.claim_id = at_rate.claim_id
        and told.line_number = at_rate.line_number
        and told.payer_id = at_rate.payer_id
        and told.payer_rank = 'primary'
