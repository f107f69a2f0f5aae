-- what    every claim a payer answered
-- grain   one row per CLP
-- key     remit_claim_id
-- reads   raw_835__remit_claims

select
    substr(file_sha256, 1, 16) || ':' || cast(transaction_number as varchar)
    || ':' || cast(remit_claim_number as varchar) as remit_claim_id,
    substr(file_sha256, 1, 16) || ':' || cast(transaction_number as varchar)
        as transaction_id,
    remit_claim_number,
    coalesce(claim_number, 'unnumbered') as claim_number,
    status_code,
    filing_code,
    payer_control_number,
    group_number,
    place_of_service,
    service_date,
    service_through_date,
    received_date,
    coalesce(remark_codes, '') as remark_codes,
    patient_key,
    cast(charge_usd as decimal(18, 2)) as charge_usd,
    cast(paid_usd as decimal(18, 2)) as paid_usd,
    source_offset
from raw_835__remit_claims
