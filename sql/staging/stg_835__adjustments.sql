-- what    every reason a payer gave for not paying a charge
-- grain   one row per CAS triplet
-- key     remit_claim_id, adjustment_number
-- reads   raw_835__adjustments
-- beware  remit_line_number is null where the adjustment stands at claim level

select
    substr(file_sha256, 1, 16) || ':' || cast(transaction_number as varchar)
    || ':' || cast(remit_claim_number as varchar) as remit_claim_id,
    remit_line_number,
    adjustment_number,
    group_code,
    reason_code,
    cast(quantity as decimal(18, 3)) as quantity,
    cast(adjustment_usd as decimal(18, 2)) as adjustment_usd,
    source_offset
from raw_835__adjustments
