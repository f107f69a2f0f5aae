-- what    what is asked of every line left: other prices, other rows of its contract, a rounded unit price, its charge
-- grain   one row per line and candidate
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_causes_lines_left, int_causes_other_limits, int_causes_other_list_prices, int_causes_other_term_prices, int_causes_other_terms
-- beware  `place` is the order of asking; `itself` is the line's own price, and what comes to the same as that explains nothing (RULES 16.6 to 16.9)

with

other_prices as (
    select
        limits.claim_id,
        limits.line_number,
        limits.payer_id,
        limits.candidate,
        'other_quarter_price' as cause,
        100 + limits.place as place,
        limits.said,
        lines.price_decimals,
        limits.price_usd,
        lines.price_mg
    from int_causes_other_limits as limits
    inner join int_causes_lines_left as lines
        on
            limits.claim_id = lines.claim_id
            and limits.line_number = lines.line_number
            and limits.payer_id = lines.payer_id
    union all
    select
        prices.claim_id,
        prices.line_number,
        prices.payer_id,
        prices.candidate,
        'other_quarter_price' as cause,
        100 + prices.place as place,
        prices.said,
        lines.price_decimals,
        prices.price_usd,
        prices.price_mg
    from int_causes_other_list_prices as prices
    inner join int_causes_lines_left as lines
        on
            prices.claim_id = lines.claim_id
            and prices.line_number = lines.line_number
            and prices.payer_id = lines.payer_id
    union all
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        rounding.candidate,
        rounding.cause,
        rounding.place,
        rounding.said,
        coalesce(rounding.price_decimals, lines.price_decimals) as price_decimals,
        lines.price_usd,
        lines.price_mg
    from int_causes_lines_left as lines
    cross join (
        values
        ('itself', 'itself', 0, 'its own price', cast(null as int)),
        ('2 decimals', 'rounding', 200001, 'a unit price of 2 decimals', 2),
        ('3 decimals', 'rounding', 200002, 'a unit price of 3 decimals', 3),
        ('4 decimals', 'rounding', 200003, 'a unit price of 4 decimals', 4),
        ('1 decimal', 'rounding', 200004, 'a unit price of 1 decimal', 1),
        ('0 decimals', 'rounding', 200005, 'a unit price of whole dollars', 0),
        ('charge_cap line', 'rate_difference', 300000, 'the charge', cast(null as int))
    ) as rounding (candidate, cause, place, said, price_decimals)
    where
        rounding.cause = 'itself'
        or (rounding.cause = 'rounding' and lines.method <> 'pct_of_charge')
        or (rounding.cause = 'rate_difference' and lines.charge_cap <> 'line')
),

final as (
    select
        prices.claim_id,
        prices.line_number,
        prices.payer_id,
        prices.candidate,
        prices.cause,
        prices.place,
        prices.said,
        lines.method,
        lines.rate,
        prices.price_decimals,
        case
            when prices.cause = 'rate_difference' then 'line'
            else lines.charge_cap
        end as charge_cap,
        case
            when prices.cause <> 'rate_difference' then lines.ceiling_usd
        end as ceiling_usd,
        lines.units,
        lines.charge_usd,
        prices.price_usd,
        prices.price_mg,
        lines.unit_mg
    from other_prices as prices
    inner join int_causes_lines_left as lines
        on
            prices.claim_id = lines.claim_id
            and prices.line_number = lines.line_number
            and prices.payer_id = lines.payer_id
    union all
    select
        terms.claim_id,
        terms.line_number,
        terms.payer_id,
        terms.candidate,
        'superseded_term' as cause,
        1000 + terms.place as place,
        terms.said,
        prices.method,
        prices.rate,
        prices.price_decimals,
        prices.charge_cap,
        case when prices.charge_cap = 'claim' then lines.ceiling_usd end as ceiling_usd,
        prices.units,
        prices.charge_usd,
        prices.price_usd,
        prices.price_mg,
        prices.unit_mg
    from int_causes_other_terms as terms
    inner join int_causes_other_term_prices as prices
        on
            terms.claim_id = prices.claim_id
            and terms.line_number = prices.line_number
            and terms.payer_id = prices.payer_id
            and terms.candidate = prices.candidate
    inner join int_causes_lines_left as lines
        on
            terms.claim_id = lines.claim_id
            and terms.line_number = lines.line_number
            and terms.payer_id = lines.payer_id
)

select * from final
