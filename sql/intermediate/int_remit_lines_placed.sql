-- what    the claim line number of each remit line, new numbers for those that fit none
-- grain   one row per remit line of an event that is no reversal
-- key     remit_claim_id, remit_line_number
-- reads   int_remit_lines_matched_to_claim_lines, int_remit_events_in_order, int_claim_lines_per_payer, stg_835__remit_lines
-- beware  only a live event makes a new line; an older event's leftover joins it or has no line

with

claim_dates as (
    select
        claim_id,
        payer_id,
        payer_rank,
        min(service_date) as claim_service_date
    from int_claim_lines_per_payer
    group by claim_id, payer_id, payer_rank
),

leftovers as (
    select
        matched.claim_id,
        matched.payer_id,
        matched.payer_rank,
        matched.remit_claim_id,
        matched.remit_line_number,
        matched.event_order,
        events.event_state,
        -- two absent codes are not the same code
        coalesce(
            lines.hcpcs,
            matched.remit_claim_id || '/' || cast(matched.remit_line_number as varchar)
        ) as code_key,
        lines.sorted_modifiers,
        coalesce(
            lines.service_date, events.service_date, claim_dates.claim_service_date
        ) as service_date,
        abs(lines.charge_usd) as charge_usd,
        row_number() over (
            partition by
                matched.remit_claim_id,
                lines.hcpcs,
                lines.sorted_modifiers,
                coalesce(
                    lines.service_date,
                    events.service_date,
                    claim_dates.claim_service_date
                ),
                abs(lines.charge_usd)
            order by matched.remit_line_number
        ) as place
    from int_remit_lines_matched_to_claim_lines as matched
    inner join int_remit_events_in_order as events
        on matched.remit_claim_id = events.remit_claim_id
    inner join stg_835__remit_lines as lines
        on
            matched.remit_claim_id = lines.remit_claim_id
            and matched.remit_line_number = lines.remit_line_number
    left join claim_dates
        on
            matched.claim_id = claim_dates.claim_id
            and matched.payer_id = claim_dates.payer_id
            and matched.payer_rank = claim_dates.payer_rank
    where matched.match_method = 'unmatched'
),

added as (
    select
        claim_id,
        payer_id,
        payer_rank,
        code_key,
        sorted_modifiers,
        service_date,
        charge_usd,
        place,
        min(event_order) as first_event_order
    from leftovers
    where event_state = 'live'
    group by all
),

added_in_order as (
    select
        added.*,
        min(leftovers.remit_line_number) as first_remit_line_number
    from added
    inner join leftovers
        on
            added.claim_id = leftovers.claim_id
            and added.payer_id = leftovers.payer_id
            and added.payer_rank = leftovers.payer_rank
            and added.code_key = leftovers.code_key
            and added.sorted_modifiers is not distinct from leftovers.sorted_modifiers
            and added.service_date is not distinct from leftovers.service_date
            and added.charge_usd is not distinct from leftovers.charge_usd
            and added.place = leftovers.place
            and added.first_event_order = leftovers.event_order
    group by all
),

last_line_numbers as (
    select
        claim_id,
        payer_id,
        payer_rank,
        max(line_number) as last_line_number
    from int_claim_lines_per_payer
    group by all
),

added_numbered as (
    select
        added_in_order.*,
        coalesce(last_line_numbers.last_line_number, 0) + row_number() over (
            partition by
                added_in_order.claim_id,
                added_in_order.payer_id,
                added_in_order.payer_rank
            order by
                added_in_order.first_event_order,
                added_in_order.first_remit_line_number
        ) as line_number
    from added_in_order
    left join last_line_numbers
        on
            added_in_order.claim_id = last_line_numbers.claim_id
            and added_in_order.payer_id = last_line_numbers.payer_id
            and added_in_order.payer_rank = last_line_numbers.payer_rank
),

leftovers_numbered as (
    select
        leftovers.remit_claim_id,
        leftovers.remit_line_number,
        added_numbered.line_number
    from leftovers
    inner join added_numbered
        on
            leftovers.claim_id = added_numbered.claim_id
            and leftovers.payer_id = added_numbered.payer_id
            and leftovers.payer_rank = added_numbered.payer_rank
            and leftovers.code_key = added_numbered.code_key
            and leftovers.sorted_modifiers
            is not distinct from added_numbered.sorted_modifiers
            and leftovers.service_date is not distinct from added_numbered.service_date
            and leftovers.charge_usd is not distinct from added_numbered.charge_usd
            and leftovers.place = added_numbered.place
),

final as (
    select
        matched.claim_id,
        matched.payer_id,
        matched.payer_rank,
        matched.remit_claim_id,
        matched.remit_line_number,
        matched.event_order,
        matched.match_method,
        cast(
            coalesce(matched.line_number, leftovers_numbered.line_number) as bigint
        ) as line_number,
        leftovers_numbered.line_number is not null as is_added_line
    from int_remit_lines_matched_to_claim_lines as matched
    left join leftovers_numbered
        on
            matched.remit_claim_id = leftovers_numbered.remit_claim_id
            and matched.remit_line_number = leftovers_numbered.remit_line_number
)

select * from final
