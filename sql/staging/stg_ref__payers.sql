-- what    the payers a site deals with and the days they allow
-- grain   one row per payer
-- key     payer_id
-- reads   raw_ref__payers

select
    payer_id,
    payer_name,
    line_of_business,
    cast(appeal_days as int) as appeal_days,
    cast(look_back_days as int) as look_back_days,
    cast(corrected_claim_days as int) as corrected_claim_days,
    cast(filing_days as int) as filing_days
from raw_ref__payers
