-- what    the head of every 835: who pays whom, how much, when
-- grain   one row per 835 transaction
-- key     transaction_id
-- reads   raw_835__remits

select
    substr(file_sha256, 1, 16) || ':' || cast(transaction_number as varchar)
        as transaction_id,
    coalesce(payer_code, '') as payer_code,
    coalesce(payer_other_code, '') as payer_other_code,
    coalesce(payer_name, '') as payer_name,
    case when payee_code_kind = 'XX' then payee_code end as payee_npi,
    payee_tax_id,
    trace_number,
    payment_method,
    credit_debit,
    payment_date,
    production_date,
    cast(payment_amount_usd as decimal(18, 2)) as payment_amount_usd,
    source_offset
from raw_835__remits
