-- what    lines whose live events allow less than nothing
-- reads   claim_line_outcomes
-- likely  a reversal was taken for a payment, or a payment it cancels is not on file

select
    claim_id,
    line_number,
    payer_id,
    payer_rank,
    allowed_usd,
    outcome
from claim_line_outcomes
where allowed_usd < 0
