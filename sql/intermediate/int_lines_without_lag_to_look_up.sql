-- what    every line whose term lags CMS's price, to be looked up as if it did not
-- grain   one row per primary claim line under a price lag
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_lines_to_look_up, int_lines_with_unit_price

select
    lines.* exclude (candidate),
    'without_lag' as candidate
from int_lines_to_look_up as lines
inner join int_lines_with_unit_price as prices
    on
        lines.claim_id = prices.claim_id
        and lines.line_number = prices.line_number
        and lines.payer_id = prices.payer_id
where prices.price_lag_days > 0 and prices.method in ('pct_of_limit', 'asp_plus')
