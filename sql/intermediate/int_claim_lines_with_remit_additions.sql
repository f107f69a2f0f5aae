-- what    every line with an outcome: those billed, and those only a remit names
-- grain   one row per claim line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_claim_lines_per_payer, int_remit_lines_placed, int_remit_events_in_order, stg_835__remit_lines
-- beware  a remit line that fits no claim line keeps its money here, billed_basis remit_only (RULES 5.2)

with

added as (
    select
        placed.claim_id,
        placed.payer_id,
        placed.payer_rank,
        placed.line_number,
        placed.remit_claim_id,
        placed.remit_line_number
    from int_remit_lines_placed as placed
    inner join int_remit_events_in_order as made_by
        on placed.remit_claim_id = made_by.remit_claim_id
    where placed.is_added_line and made_by.event_state = 'live'
    qualify
        row_number() over (
            partition by
                placed.claim_id, placed.payer_id, placed.payer_rank, placed.line_number
            order by placed.event_order
        ) = 1
),

claim_heads as (
    select
        *,
        min(service_date) over (partition by claim_id, payer_id, payer_rank)
            as claim_service_date
    from int_claim_lines_per_payer
    qualify
        row_number() over (
            partition by claim_id, payer_id, payer_rank
            order by line_number
        ) = 1
),

added_lines as (
    select
        added.claim_id,
        added.line_number,
        added.payer_id,
        added.payer_rank,
        events.payer_name,
        events.is_known_payer,
        events.payer_line_of_business,
        'live' as line_state,
        claim_heads.filing_code,
        claim_heads.submitted_date,
        claim_heads.group_number,
        claim_heads.claim_type,
        claim_heads.billing_id,
        claim_heads.billing_npi,
        claim_heads.billing_tax_id,
        claim_heads.patient_key,
        events.source_file,
        events.place_of_service,
        coalesce(
            lines.service_date, events.service_date, claim_heads.claim_service_date
        ) as service_date,
        coalesce(
            lines.service_through_date,
            lines.service_date,
            events.service_through_date,
            events.service_date,
            claim_heads.claim_service_date
        ) as service_through_date,
        lines.hcpcs,
        coalesce(lines.modifiers, '') as modifiers,
        lines.sorted_modifiers,
        ' ' || coalesce(lines.modifiers, '') || ' ' like '% JW %' as is_waste_line,
        lines.revenue_code,
        cast(null as varchar) as ndc,
        cast(null as decimal(18, 3)) as ndc_quantity,
        cast(null as varchar) as ndc_unit,
        lines.line_control_number,
        coalesce(lines.original_units, lines.paid_units) as billed_units,
        lines.charge_usd,
        lines.source_offset,
        'remit_only' as billed_basis
    from added
    inner join int_remit_events_in_order as events
        on added.remit_claim_id = events.remit_claim_id
    inner join stg_835__remit_lines as lines
        on
            added.remit_claim_id = lines.remit_claim_id
            and added.remit_line_number = lines.remit_line_number
    left join claim_heads
        on
            added.claim_id = claim_heads.claim_id
            and added.payer_id = claim_heads.payer_id
            and added.payer_rank = claim_heads.payer_rank
),

final as (
    select * exclude (lines_of_submission_id, line_of_submission)
    from int_claim_lines_per_payer
    union all
    select * from added_lines
)

select * from final
