-- what    every ST..SE received, with its envelope
-- grain   one row per transaction
-- key     transaction_id
-- reads   raw_x12__transactions

select
    substr(file_sha256, 1, 16) || ':' || cast(transaction_number as varchar)
        as transaction_id,
    file_sha256,
    transaction_number,
    transaction_type,
    isa_control,
    usage_indicator,
    gs_date,
    coalesce(gs_time, '') as gs_time,
    gs_control,
    st_control,
    segments,
    has_se,
    se_count_agrees,
    content_sha256,
    source_offset
from raw_x12__transactions
