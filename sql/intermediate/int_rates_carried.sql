-- what    which rates each paid line carries: its term's, and any other that comes to what was allowed
-- grain   one row per paid line and rate it carries
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_rates_at_rate, int_rates_paid, int_rates_to_price
-- beware  within a cent, as a match is: a line of few units may carry several (RULES 18.1)

select
    paid.* exclude (rate_basis),
    asked.candidate,
    asked.rate_basis,
    asked.rate_seen,
    asked.decimals_rank
from int_rates_at_rate as priced
inner join int_rates_to_price as asked
    on
        priced.claim_id = asked.claim_id
        and priced.line_number = asked.line_number
        and priced.payer_id = asked.payer_id
        and priced.candidate = asked.candidate
inner join int_rates_paid as paid
    on
        priced.claim_id = paid.claim_id
        and priced.line_number = paid.line_number
        and priced.payer_id = paid.payer_id
where abs(priced.at_rate_usd - paid.allowed_usd) <= 0.01
union all
select
    * exclude (rate_basis),
    'term' as candidate,
    rate_basis,
    null as rate_seen,
    0 as decimals_rank
from int_rates_paid
where is_at_term
