-- what    money moved beside the claims of a remit: take-backs, interest, fees
-- grain   one row per PLB pair
-- key     transaction_id, adjustment_number
-- reads   raw_835__provider_adjustments
-- beware  positive takes money from the practice

select
    substr(file_sha256, 1, 16) || ':' || cast(transaction_number as varchar)
        as transaction_id,
    adjustment_number,
    provider_id,
    fiscal_date,
    reason_code,
    reference_id,
    cast(adjustment_usd as decimal(18, 2)) as adjustment_usd,
    source_offset
from raw_835__provider_adjustments
