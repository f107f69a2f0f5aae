-- what    the claim line each remit line answers, and how it was found
-- grain   one row per remit line of an event that is no reversal
-- key     remit_claim_id, remit_line_number
-- reads   int_remit_events_in_order, int_claim_lines_per_payer, stg_835__remit_lines
-- beware  line_number is null where no claim line fits; such a line gets a row of its own later (RULES 5)

with remit_lines as (
    select
        events.claim_id,
        events.payer_id,
        events.payer_rank,
        events.event_order,
        lines.remit_claim_id,
        lines.remit_line_number,
        lines.hcpcs,
        lines.original_hcpcs,
        coalesce(lines.original_hcpcs, lines.hcpcs) as billed_hcpcs,
        lines.sorted_modifiers,
        lines.line_control_number,
        coalesce(lines.service_date, events.service_date) as service_date,
        abs(lines.charge_usd) as charge_usd
    from int_remit_events_in_order as events
    inner join stg_835__remit_lines as lines
        on events.remit_claim_id = lines.remit_claim_id
    where events.status_code <> '22'
),

claim_lines as (
    select
        *,
        count(*) over (
            partition by claim_id, payer_id, payer_rank, line_control_number
        ) as lines_with_this_number,
        min(service_date) over (partition by claim_id, payer_id, payer_rank)
            as claim_service_date
    from int_claim_lines_per_payer
),

by_control_number as (
    select
        remit_lines.remit_claim_id,
        remit_lines.remit_line_number,
        claim_lines.line_number
    from remit_lines
    inner join claim_lines
        on
            remit_lines.claim_id = claim_lines.claim_id
            and remit_lines.payer_id = claim_lines.payer_id
            and remit_lines.payer_rank = claim_lines.payer_rank
            and remit_lines.line_control_number = claim_lines.line_control_number
    where claim_lines.lines_with_this_number = 1
),

claim_lines_per_event as (
    select
        events.remit_claim_id,
        claim_lines.line_number,
        claim_lines.line_state,
        claim_lines.hcpcs,
        claim_lines.sorted_modifiers,
        claim_lines.service_date,
        claim_lines.claim_service_date,
        claim_lines.charge_usd
    from int_remit_events_in_order as events
    inner join claim_lines
        on
            events.claim_id = claim_lines.claim_id
            and events.payer_id = claim_lines.payer_id
            and events.payer_rank = claim_lines.payer_rank
    where events.status_code <> '22'
),

spans as (
    select
        remit_claim_id,
        min(claim_service_date) as claim_service_date
    from claim_lines_per_event
    group by all
),

dated_remit_lines as (
    select
        remit_lines.*,
        coalesce(remit_lines.service_date, spans.claim_service_date) as known_date
    from remit_lines
    left join spans
        on remit_lines.remit_claim_id = spans.remit_claim_id
),

remit_left_1 as (
    select
        dated_remit_lines.*,
        row_number() over (
            partition by
                dated_remit_lines.remit_claim_id,
                dated_remit_lines.hcpcs,
                dated_remit_lines.sorted_modifiers,
                dated_remit_lines.known_date,
                dated_remit_lines.charge_usd
            order by dated_remit_lines.remit_line_number
        ) as place
    from dated_remit_lines
    left join by_control_number
        on
            dated_remit_lines.remit_claim_id = by_control_number.remit_claim_id
            and dated_remit_lines.remit_line_number
            = by_control_number.remit_line_number
    where by_control_number.line_number is null
),

claim_left_1 as (
    select
        claim_lines_per_event.*,
        row_number() over (
            partition by
                claim_lines_per_event.remit_claim_id,
                claim_lines_per_event.hcpcs,
                claim_lines_per_event.sorted_modifiers,
                claim_lines_per_event.service_date,
                claim_lines_per_event.charge_usd
            order by claim_lines_per_event.line_number
        ) as place
    from claim_lines_per_event
    left join by_control_number
        on
            claim_lines_per_event.remit_claim_id = by_control_number.remit_claim_id
            and claim_lines_per_event.line_number = by_control_number.line_number
    where by_control_number.line_number is null
),

by_code_and_charge as (
    select
        remit_left_1.remit_claim_id,
        remit_left_1.remit_line_number,
        claim_left_1.line_number
    from remit_left_1
    inner join claim_left_1
        on
            remit_left_1.remit_claim_id = claim_left_1.remit_claim_id
            and remit_left_1.hcpcs = claim_left_1.hcpcs
            and remit_left_1.sorted_modifiers = claim_left_1.sorted_modifiers
            and remit_left_1.known_date
            is not distinct from claim_left_1.service_date
            and remit_left_1.charge_usd = claim_left_1.charge_usd
            and remit_left_1.place = claim_left_1.place
),

remit_left_2 as (
    select
        remit_left_1.* exclude (place),
        row_number() over (
            partition by
                remit_left_1.remit_claim_id,
                remit_left_1.billed_hcpcs,
                remit_left_1.known_date,
                remit_left_1.charge_usd
            order by remit_left_1.remit_line_number
        ) as place
    from remit_left_1
    left join by_code_and_charge
        on
            remit_left_1.remit_claim_id = by_code_and_charge.remit_claim_id
            and remit_left_1.remit_line_number = by_code_and_charge.remit_line_number
    where by_code_and_charge.line_number is null
),

claim_left_2 as (
    select
        claim_left_1.* exclude (place),
        row_number() over (
            partition by
                claim_left_1.remit_claim_id,
                claim_left_1.hcpcs,
                claim_left_1.service_date,
                claim_left_1.charge_usd
            order by claim_left_1.line_number
        ) as place
    from claim_left_1
    left join by_code_and_charge
        on
            claim_left_1.remit_claim_id = by_code_and_charge.remit_claim_id
            and claim_left_1.line_number = by_code_and_charge.line_number
    where by_code_and_charge.line_number is null
),

by_original_code as (
    select
        remit_left_2.remit_claim_id,
        remit_left_2.remit_line_number,
        claim_left_2.line_number
    from remit_left_2
    inner join claim_left_2
        on
            remit_left_2.remit_claim_id = claim_left_2.remit_claim_id
            and remit_left_2.billed_hcpcs = claim_left_2.hcpcs
            and remit_left_2.known_date
            is not distinct from claim_left_2.service_date
            and remit_left_2.charge_usd = claim_left_2.charge_usd
            and remit_left_2.place = claim_left_2.place
),

remit_left_3 as (
    select remit_left_2.*
    from remit_left_2
    left join by_original_code
        on
            remit_left_2.remit_claim_id = by_original_code.remit_claim_id
            and remit_left_2.remit_line_number = by_original_code.remit_line_number
    where by_original_code.line_number is null
),

by_split_code as (
    select
        remit_left_3.remit_claim_id,
        remit_left_3.remit_line_number,
        min(claim_lines_per_event.line_number) as line_number
    from remit_left_3
    inner join claim_lines_per_event
        on
            remit_left_3.remit_claim_id = claim_lines_per_event.remit_claim_id
            and remit_left_3.original_hcpcs = claim_lines_per_event.hcpcs
            and remit_left_3.known_date
            is not distinct from claim_lines_per_event.service_date
    group by all
),

matched_so_far as (
    select
        *,
        'line_control_number' as match_method
    from by_control_number
    union all
    select
        *,
        'code_modifiers_date_charge' as match_method
    from by_code_and_charge
    union all
    select
        *,
        'original_code' as match_method
    from by_original_code
    union all
    select
        *,
        'original_code' as match_method
    from by_split_code
),

by_position as (
    select
        remit_left_3.remit_claim_id,
        remit_left_3.remit_line_number,
        claim_lines_per_event.line_number,
        'position' as match_method
    from remit_left_3
    inner join claim_lines_per_event
        on
            remit_left_3.remit_claim_id = claim_lines_per_event.remit_claim_id
            and remit_left_3.remit_line_number = claim_lines_per_event.line_number
            and claim_lines_per_event.line_state <> 'dropped'
    left join matched_so_far as remit_matched
        on
            remit_left_3.remit_claim_id = remit_matched.remit_claim_id
            and remit_left_3.remit_line_number = remit_matched.remit_line_number
    left join matched_so_far as claim_matched
        on
            claim_lines_per_event.remit_claim_id = claim_matched.remit_claim_id
            and claim_lines_per_event.line_number = claim_matched.line_number
    where
        remit_matched.line_number is null
        and claim_matched.line_number is null
),

matched as (
    select * from matched_so_far
    union all
    select * from by_position
),

final as (
    select
        remit_lines.claim_id,
        remit_lines.payer_id,
        remit_lines.payer_rank,
        remit_lines.remit_claim_id,
        remit_lines.remit_line_number,
        remit_lines.event_order,
        matched.line_number,
        coalesce(matched.match_method, 'unmatched') as match_method
    from remit_lines
    left join matched
        on
            remit_lines.remit_claim_id = matched.remit_claim_id
            and remit_lines.remit_line_number = matched.remit_line_number
)

select * from final
