-- what    every line at the limits its quarter also had, where it hangs on an estimated date which of them was out
-- grain   one row per primary claim line and other limit
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_lines_with_unit_price, int_limits_as_known, int_claim_caps_spread
-- beware  only terms without a word on the vintage hang on that date; the cap over a claim stays the one its lines met (RULES 9.1)

with

limits as (
    select distinct
        hcpcs,
        effective_quarter,
        payment_limit_usd
    from int_limits_as_known
    where has_restatement_of_estimated_date and payment_limit_usd is not null
),

final as (
    select
        prices.claim_id,
        prices.line_number,
        prices.payer_id,
        'limit ' || cast(limits.payment_limit_usd as varchar) as candidate,
        prices.method,
        prices.rate,
        prices.price_decimals,
        prices.charge_cap,
        caps.spread_usd as ceiling_usd,
        prices.units,
        prices.charge_usd,
        limits.payment_limit_usd as price_usd,
        prices.price_mg,
        prices.unit_mg
    from int_lines_with_unit_price as prices
    inner join limits
        on
            prices.limit_hcpcs = limits.hcpcs
            and prices.effective_quarter = limits.effective_quarter
            and prices.price_usd <> limits.payment_limit_usd
    left join int_claim_caps_spread as caps
        on
            prices.claim_id = caps.claim_id
            and prices.line_number = caps.line_number
            and prices.payer_id = caps.payer_id
    where prices.price_source = 'limit' and prices.price_vintage = 'at_payment'
)

select * from final
