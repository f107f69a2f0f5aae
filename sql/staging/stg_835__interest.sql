-- what    interest a payer reports on a claim, or on one of its lines (AMT*I)
-- grain   one row per remit claim or line with interest
-- key     remit_claim_id, place
-- reads   raw_835__amounts
-- beware  place 0 is the claim: its interest is spread over the lines; else it is the line's own

select
    substr(file_sha256, 1, 16) || ':' || cast(transaction_number as varchar)
    || ':' || cast(remit_claim_number as varchar) as remit_claim_id,
    coalesce(remit_line_number, 0) as place,
    cast(sum(cast(amount as decimal(18, 2))) as decimal(18, 2)) as interest_usd
from raw_835__amounts
where segment_id = 'AMT' and qualifier = 'I'
group by all
