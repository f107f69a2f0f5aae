-- what    every answered claim in a transaction that counts, in the order of events
-- grain   one row per remit claim up to as-of
-- key     remit_claim_id
-- reads   stg_835__remit_claims, stg_835__remits, stg_835__remit_lines, int_transactions_counted_once, int_payers_recognised, raw_site
-- beware  order is payment date, then envelope, never file name (RULES 4.1)

with

dates_of_lines as (
    select
        remit_claim_id,
        min(service_date) as first_line_date,
        max(coalesce(service_through_date, service_date)) as last_line_date,
        count(*) as service_lines
    from stg_835__remit_lines
    group by all
),

remit_claims as (
    select
        stg_835__remit_claims.*,
        int_payers_recognised.payer_id,
        int_payers_recognised.payer_name,
        int_payers_recognised.is_known as is_known_payer,
        int_payers_recognised.payer_line_of_business,
        stg_835__remits.payee_npi,
        stg_835__remits.payee_tax_id,
        int_transactions_counted_once.gs_date,
        int_transactions_counted_once.gs_time,
        int_transactions_counted_once.isa_control,
        int_transactions_counted_once.st_control,
        int_transactions_counted_once.content_sha256,
        int_transactions_counted_once.source_file,
        coalesce(
            stg_835__remits.payment_date,
            stg_835__remits.production_date,
            int_transactions_counted_once.gs_date
        ) as payment_date
    from stg_835__remit_claims
    inner join stg_835__remits
        on stg_835__remit_claims.transaction_id = stg_835__remits.transaction_id
    inner join int_transactions_counted_once
        on
            stg_835__remit_claims.transaction_id
            = int_transactions_counted_once.transaction_id
    inner join int_payers_recognised
        on
            stg_835__remits.payer_code = int_payers_recognised.payer_code
            and stg_835__remits.payer_other_code
            = int_payers_recognised.payer_other_code
            and stg_835__remits.payer_name = int_payers_recognised.payer_name_sent
    where int_transactions_counted_once.status = 'loaded'
),

final as (
    select
        remit_claims.remit_claim_id,
        remit_claims.transaction_id,
        remit_claims.claim_number,
        remit_claims.payer_id,
        remit_claims.payer_name,
        remit_claims.is_known_payer,
        remit_claims.payer_line_of_business,
        remit_claims.status_code,
        remit_claims.filing_code,
        remit_claims.payer_control_number,
        remit_claims.group_number,
        remit_claims.place_of_service,
        remit_claims.remark_codes,
        remit_claims.patient_key,
        remit_claims.payee_npi,
        remit_claims.payee_tax_id,
        remit_claims.received_date,
        remit_claims.payment_date,
        remit_claims.charge_usd,
        remit_claims.paid_usd,
        remit_claims.source_file,
        remit_claims.source_offset,
        coalesce(dates_of_lines.service_lines, 0) as service_lines,
        coalesce(remit_claims.service_date, dates_of_lines.first_line_date)
            as service_date,
        coalesce(
            remit_claims.service_through_date,
            dates_of_lines.last_line_date,
            remit_claims.service_date
        ) as service_through_date,
        row_number() over (
            order by
                remit_claims.payment_date,
                remit_claims.gs_date,
                remit_claims.gs_time,
                remit_claims.isa_control,
                remit_claims.st_control,
                remit_claims.content_sha256,
                remit_claims.remit_claim_number
        ) as event_order
    from remit_claims
    left join dates_of_lines
        on remit_claims.remit_claim_id = dates_of_lines.remit_claim_id
    cross join raw_site
    where remit_claims.payment_date <= raw_site.as_of
)

select * from final
