-- what    every sending of a claim, in the order sent, with repeats of an original marked
-- grain   one row per CLM in a transaction that counts
-- key     submission_id
-- reads   stg_837__claims, stg_837__claim_lines, int_transactions_counted_once, int_payers_recognised, raw_site
-- beware  is_resend: same original sent again (same lines); it counts once (RULES 3.4)

with

dated_lines as (
    select
        lines.submission_id,
        lines.hcpcs,
        lines.sorted_modifiers,
        lines.units,
        lines.charge_usd,
        lines.service_date,
        lines.service_through_date,
        coalesce(
            lines.service_date,
            claims.statement_date,
            min(lines.service_date) over (partition by lines.submission_id)
        ) as known_date
    from stg_837__claim_lines as lines
    inner join stg_837__claims as claims
        on lines.submission_id = claims.submission_id
),

lines_per_submission as (
    select
        submission_id,
        min(service_date) as first_service_date,
        max(coalesce(service_through_date, service_date)) as last_service_date,
        array_to_string(
            list_sort(
                list(
                    coalesce(hcpcs, '') || '/' || sorted_modifiers || '/'
                    || coalesce(cast(units as varchar), '') || '/'
                    || coalesce(cast(charge_usd as varchar), '') || '/'
                    || coalesce(cast(known_date as varchar), '')
                )
            ),
            '|'
        ) as lines_signature
    from dated_lines
    group by all
),

submissions as (
    select
        stg_837__claims.*,
        int_payers_recognised.payer_id,
        int_payers_recognised.payer_name as known_payer_name,
        int_payers_recognised.payer_line_of_business,
        int_payers_recognised.is_known as is_known_payer,
        int_transactions_counted_once.gs_date,
        int_transactions_counted_once.gs_time,
        int_transactions_counted_once.isa_control,
        int_transactions_counted_once.st_control,
        int_transactions_counted_once.content_sha256,
        int_transactions_counted_once.source_file,
        coalesce(
            stg_837__claims.submitted_date, int_transactions_counted_once.gs_date
        ) as sent_date,
        stg_837__claims.frequency_code in ('7', '8') as is_replacement,
        coalesce(
            lines_per_submission.first_service_date, stg_837__claims.statement_date
        ) as first_service_date,
        coalesce(
            lines_per_submission.last_service_date, stg_837__claims.statement_date
        ) as last_service_date,
        coalesce(lines_per_submission.lines_signature, '') as lines_signature
    from stg_837__claims
    inner join int_transactions_counted_once
        on
            stg_837__claims.transaction_id
            = int_transactions_counted_once.transaction_id
    inner join int_payers_recognised
        on
            stg_837__claims.payer_code = int_payers_recognised.payer_code
            and int_payers_recognised.payer_other_code = ''
            and stg_837__claims.payer_name = int_payers_recognised.payer_name_sent
    left join lines_per_submission
        on stg_837__claims.submission_id = lines_per_submission.submission_id
    cross join raw_site
    where
        int_transactions_counted_once.status = 'loaded'
        and coalesce(
            stg_837__claims.submitted_date, int_transactions_counted_once.gs_date
        ) <= raw_site.as_of
),

in_order as (
    select
        *,
        row_number() over (
            order by
                sent_date, gs_date, gs_time, isa_control, st_control, content_sha256,
                submission_number
        ) as submission_order
    from submissions
),

final as (
    select
        submission_id,
        submission_order,
        claim_number,
        payer_id,
        known_payer_name as payer_name,
        is_known_payer,
        payer_line_of_business,
        payer_rank,
        claim_type,
        is_replacement,
        frequency_code,
        original_control_number,
        filing_code,
        group_number,
        coalesce(billing_npi, billing_tax_id) as billing_id,
        billing_npi,
        billing_tax_id,
        place_of_service,
        patient_key,
        sent_date as submitted_date,
        statement_date,
        statement_through_date,
        first_service_date,
        last_service_date,
        lines_signature,
        charge_usd,
        source_file,
        source_offset,
        not is_replacement
        and row_number() over (
            partition by
                claim_number, first_service_date, payer_id, payer_rank, lines_signature,
                is_replacement
            order by submission_order
        ) > 1 as is_resend
    from in_order
)

select * from final
