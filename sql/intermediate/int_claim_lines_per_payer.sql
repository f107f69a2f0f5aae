-- what    every line a payer was asked for or answered for
-- grain   one row per claim line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_claim_lines_sent, int_submissions_chained_to_claims, int_remit_events_in_order, stg_837__claim_lines, stg_835__remit_lines
-- beware  a payer that was sent nothing takes the lines sent to the first payer (RULES 4.9); with no 837, or one that broke off before its lines, the remit's own (4.4, 4.10)

with

answered as (
    select
        claim_id,
        payer_id,
        payer_rank,
        min(payer_name) as payer_name,
        min(is_known_payer) as is_known_payer,
        min(payer_line_of_business) as payer_line_of_business
    from int_remit_events_in_order
    where status_code <> '22'
    group by claim_id, payer_id, payer_rank
),

first_sent as (
    select
        claim_id,
        payer_id,
        payer_rank
    from int_submissions_chained_to_claims
    qualify
        row_number() over (partition by claim_id order by payer_rank, submission_order)
        = 1
),

crossed_over as (
    select
        int_claim_lines_sent.claim_id,
        int_claim_lines_sent.line_number,
        answered.payer_id,
        answered.payer_rank,
        answered.payer_name,
        answered.is_known_payer,
        answered.payer_line_of_business,
        int_claim_lines_sent.submission_id,
        int_claim_lines_sent.lines_of_submission_id,
        int_claim_lines_sent.line_of_submission
    from answered
    inner join first_sent
        on answered.claim_id = first_sent.claim_id
    inner join int_claim_lines_sent
        on
            first_sent.claim_id = int_claim_lines_sent.claim_id
            and first_sent.payer_id = int_claim_lines_sent.payer_id
            and first_sent.payer_rank = int_claim_lines_sent.payer_rank
            and int_claim_lines_sent.line_state <> 'dropped'
    left join int_submissions_chained_to_claims as own
        on
            answered.claim_id = own.claim_id
            and answered.payer_id = own.payer_id
            and answered.payer_rank = own.payer_rank
            and own.is_live_submission
    where own.submission_id is null
),

sent as (
    select
        int_claim_lines_sent.claim_id,
        int_claim_lines_sent.line_number,
        int_claim_lines_sent.payer_id,
        int_claim_lines_sent.payer_rank,
        submissions.payer_name,
        submissions.is_known_payer,
        submissions.payer_line_of_business,
        int_claim_lines_sent.submission_id,
        int_claim_lines_sent.lines_of_submission_id,
        int_claim_lines_sent.line_of_submission,
        int_claim_lines_sent.line_state,
        facts.filing_code,
        facts.group_number
    from int_claim_lines_sent
    inner join int_submissions_chained_to_claims as submissions
        on int_claim_lines_sent.submission_id = submissions.submission_id
    inner join int_submissions_chained_to_claims as facts
        on int_claim_lines_sent.lines_of_submission_id = facts.submission_id
    union all
    select
        *,
        'live' as line_state,
        cast(null as varchar) as filing_code,
        cast(null as varchar) as group_number
    from crossed_over
),

billed as (
    select
        sent.claim_id,
        sent.line_number,
        sent.payer_id,
        sent.payer_rank,
        sent.payer_name,
        sent.is_known_payer,
        sent.payer_line_of_business,
        sent.line_state,
        sent.filing_code,
        submissions.submitted_date,
        sent.group_number,
        submissions.claim_type,
        submissions.billing_id,
        submissions.billing_npi,
        submissions.billing_tax_id,
        submissions.patient_key,
        submissions.source_file,
        coalesce(lines.place_of_service, submissions.place_of_service)
            as place_of_service,
        coalesce(
            lines.service_date,
            submissions.statement_date,
            submissions.first_service_date,
            submissions.root_service_date
        ) as service_date,
        coalesce(
            lines.service_through_date,
            lines.service_date,
            submissions.statement_through_date,
            submissions.statement_date,
            submissions.first_service_date,
            submissions.root_service_date
        ) as service_through_date,
        lines.hcpcs,
        lines.modifiers,
        lines.sorted_modifiers,
        lines.is_waste_line,
        lines.revenue_code,
        lines.ndc,
        lines.ndc_quantity,
        lines.ndc_unit,
        lines.line_control_number,
        lines.units as billed_units,
        lines.charge_usd,
        lines.source_offset,
        'claim' as billed_basis,
        sent.lines_of_submission_id,
        sent.line_of_submission
    from sent
    inner join int_submissions_chained_to_claims as submissions
        on sent.lines_of_submission_id = submissions.submission_id
    inner join stg_837__claim_lines as lines
        on
            sent.lines_of_submission_id = lines.submission_id
            and sent.line_of_submission = lines.line_number
),

billed_claims as (
    select distinct
        claim_id,
        payer_id,
        payer_rank
    from billed
),

last_answers as (
    select
        events.claim_id,
        events.payer_id,
        events.payer_rank,
        events.payer_name,
        events.is_known_payer,
        events.payer_line_of_business,
        events.remit_claim_id,
        events.source_file,
        events.source_offset,
        events.service_lines,
        coalesce(events.service_date, own.statement_date, own.first_service_date)
            as service_date,
        coalesce(
            events.service_through_date,
            own.statement_through_date,
            own.statement_date,
            own.first_service_date
        ) as service_through_date,
        events.charge_usd,
        own.filing_code,
        own.submitted_date,
        own.claim_type,
        coalesce(own.group_number, events.group_number) as group_number,
        case
            when own.submission_id is null
                then coalesce(events.payee_npi, events.payee_tax_id)
            else own.billing_id
        end as billing_id,
        case
            when own.submission_id is null then events.payee_npi
            else own.billing_npi
        end as billing_npi,
        case
            when own.submission_id is null then events.payee_tax_id
            else own.billing_tax_id
        end as billing_tax_id,
        case
            when own.submission_id is null then events.patient_key
            else own.patient_key
        end as patient_key,
        coalesce(events.place_of_service, own.place_of_service) as place_of_service
    from int_remit_events_in_order as events
    left join billed_claims
        on
            events.claim_id = billed_claims.claim_id
            and events.payer_id = billed_claims.payer_id
            and events.payer_rank = billed_claims.payer_rank
    left join int_submissions_chained_to_claims as own
        on
            events.claim_id = own.claim_id
            and events.payer_id = own.payer_id
            and events.payer_rank = own.payer_rank
            and own.is_live_submission
    where events.status_code <> '22' and billed_claims.claim_id is null
    qualify
        row_number() over (
            partition by events.claim_id, events.payer_id, events.payer_rank
            order by events.event_order desc
        ) = 1
),

remit_only as (
    select
        last_answers.claim_id,
        cast(lines.remit_line_number as bigint) as line_number,
        last_answers.payer_id,
        last_answers.payer_rank,
        last_answers.payer_name,
        last_answers.is_known_payer,
        last_answers.payer_line_of_business,
        'live' as line_state,
        last_answers.filing_code,
        last_answers.submitted_date,
        last_answers.group_number,
        last_answers.claim_type,
        last_answers.billing_id,
        last_answers.billing_npi,
        last_answers.billing_tax_id,
        last_answers.patient_key,
        last_answers.source_file,
        last_answers.place_of_service,
        coalesce(lines.service_date, last_answers.service_date) as service_date,
        coalesce(
            lines.service_through_date,
            lines.service_date,
            last_answers.service_through_date
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
        'remit_only' as billed_basis,
        cast(null as varchar) as lines_of_submission_id,
        cast(null as int) as line_of_submission
    from last_answers
    inner join stg_835__remit_lines as lines
        on last_answers.remit_claim_id = lines.remit_claim_id
),

remit_only_without_lines as (
    select
        claim_id,
        cast(1 as bigint) as line_number,
        payer_id,
        payer_rank,
        payer_name,
        is_known_payer,
        payer_line_of_business,
        'live' as line_state,
        filing_code,
        submitted_date,
        group_number,
        claim_type,
        billing_id,
        billing_npi,
        billing_tax_id,
        patient_key,
        source_file,
        place_of_service,
        service_date,
        service_through_date,
        cast(null as varchar) as hcpcs,
        '' as modifiers,
        '' as sorted_modifiers,
        false as is_waste_line,
        cast(null as varchar) as revenue_code,
        cast(null as varchar) as ndc,
        cast(null as decimal(18, 3)) as ndc_quantity,
        cast(null as varchar) as ndc_unit,
        cast(null as varchar) as line_control_number,
        cast(null as decimal(18, 3)) as billed_units,
        charge_usd,
        source_offset,
        'remit_only' as billed_basis,
        cast(null as varchar) as lines_of_submission_id,
        cast(null as int) as line_of_submission
    from last_answers
    where service_lines = 0
),

final as (
    select * from billed
    union all
    select * from remit_only
    union all
    select * from remit_only_without_lines
)

select * from final
