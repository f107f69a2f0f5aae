-- what    interest a payer reports on a claim (AMT*I)
-- grain   one row per remit claim with interest
-- key     remit_claim_id
-- reads   raw_835__amounts

select
    substr(file_sha256, 1, 16) || ':' || cast(transaction_number as varchar)
    || ':' || cast(remit_claim_number as varchar) as remit_claim_id,
    cast(sum(cast(amount as decimal(18, 2))) as decimal(18, 2)) as interest_usd
from raw_835__amounts
where segment_id = 'AMT' and qualifier = 'I' and remit_line_number is null
group by all
