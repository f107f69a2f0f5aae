-- what    every claim the practice sent, once per sending
-- grain   one row per CLM
-- key     submission_id
-- reads   raw_837__claims

select
    substr(file_sha256, 1, 16) || ':' || cast(transaction_number as varchar)
    || ':' || cast(submission_number as varchar) as submission_id,
    substr(file_sha256, 1, 16) || ':' || cast(transaction_number as varchar)
        as transaction_id,
    submission_number,
    coalesce(claim_number, 'unnumbered') as claim_number,
    claim_type,
    coalesce(frequency_code, '1') as frequency_code,
    place_of_service,
    payer_rank,
    filing_code,
    group_number,
    coalesce(payer_code, '') as payer_code,
    coalesce(payer_name, '') as payer_name,
    billing_npi,
    billing_tax_id,
    original_control_number,
    authorization_number,
    diagnoses,
    patient_key,
    submitted_date,
    statement_date,
    statement_through_date,
    cast(charge_usd as decimal(18, 2)) as charge_usd,
    source_offset
from raw_837__claims
