-- what    contracted allowed amount of every primary line, with its arithmetic in words
-- grain   one row per primary claim line and payer
-- key     claim_id, line_number, payer_id
-- reads   int_lines_with_reason, int_lines_with_unit_price, int_lines_at_rate, int_lines_without_lag_at_rate, int_claim_caps_spread, int_prices_in_words
-- beware  a line that cannot be priced keeps its row; pricing_basis says why, expected is null

with

lines as (
    select
        reasons.claim_id,
        reasons.line_number,
        reasons.payer_id,
        reasons.line_of_business,
        reasons.is_ended,
        reasons.pays_waste,
        prices.row_id,
        prices.term_id,
        prices.contract_id,
        prices.clause,
        prices.method,
        prices.rate,
        prices.charge_usd,
        prices.price_source,
        prices.price_usd,
        prices.price_mg,
        prices.unit_mg,
        prices.limit_hcpcs,
        prices.effective_quarter,
        prices.published_on,
        prices.coinsurance_fraction,
        prices.opps_status,
        prices.opps_copayment_usd,
        prices.list_row_id,
        prices.price_lag_days,
        caps.cap,
        caps.spread_usd as ceiling_usd,
        at_rate.unit_price_usd,
        at_rate.percent_fraction,
        words.price_words,
        without_lag.amount_usd as without_lag_usd,
        without_lag.claim_id is not null as is_lagging,
        case when prices.row_id is null then 'none' else prices.charge_cap end
            as charge_cap,
        coalesce(
            prices.sequestration,
            case
                when reasons.line_of_business = 'medicare_ffs' then 'yes' else 'no'
            end
        ) as sequestration,
        case
            when reasons.reason is not null then reasons.reason
            when caps.is_charge_missing then 'not priced: charge not stated'
        end as reason,
        case
            when reasons.reason is null and not coalesce(caps.is_charge_missing, false)
                then at_rate.at_rate_usd
        end as at_rate_usd,
        case
            when reasons.reason is null and not coalesce(caps.is_charge_missing, false)
                then
                    least(
                        at_rate.amount_usd,
                        coalesce(caps.spread_usd, at_rate.amount_usd)
                    )
        end as capped_usd
    from int_lines_with_reason as reasons
    left join int_lines_with_unit_price as prices
        on
            reasons.claim_id = prices.claim_id
            and reasons.line_number = prices.line_number
            and reasons.payer_id = prices.payer_id
    left join int_lines_at_rate as at_rate
        on
            reasons.claim_id = at_rate.claim_id
            and reasons.line_number = at_rate.line_number
            and reasons.payer_id = at_rate.payer_id
    left join int_lines_without_lag_at_rate as without_lag
        on
            reasons.claim_id = without_lag.claim_id
            and reasons.line_number = without_lag.line_number
            and reasons.payer_id = without_lag.payer_id
    left join int_claim_caps_spread as caps
        on
            reasons.claim_id = caps.claim_id
            and reasons.line_number = caps.line_number
            and reasons.payer_id = caps.payer_id
    left join int_prices_in_words as words
        on
            reasons.claim_id = words.claim_id
            and reasons.line_number = words.line_number
            and reasons.payer_id = words.payer_id
),

-- a hospital's copayment is of the OPPS unit: a house code's is converted as its price
-- is, a double quotient corrected by the exact remainder
near_copayments as (
    select
        *,
        cast(
            cast(opps_copayment_usd as decimal(19, 6)) * unit_mg as decimal(38, 12)
        ) as copayment_times_mg,
        cast(
            cast(cast(opps_copayment_usd as decimal(19, 6)) * unit_mg as double)
            / nullif(cast(price_mg as double), 0) as decimal(18, 6)
        ) as near_copayment
    from lines
),

copayments as (
    select
        *,
        cast(
            case
                when price_mg is null then opps_copayment_usd
                else
                    near_copayment + case
                        when
                            (
                                copayment_times_mg
                                - cast(near_copayment as decimal(19, 6)) * price_mg
                            ) * 2
                            >= price_mg * cast(0.000001 as decimal(7, 6))
                            then cast(0.000001 as decimal(7, 6))
                        when
                            (
                                copayment_times_mg
                                - cast(near_copayment as decimal(19, 6)) * price_mg
                            ) * 2
                            < -price_mg * cast(0.000001 as decimal(7, 6))
                            then cast(-0.000001 as decimal(7, 6))
                        else 0
                    end
            end as decimal(12, 6)
        ) as unit_copayment_usd
    from near_copayments
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        line_of_business,
        row_id,
        term_id,
        contract_id,
        clause,
        method,
        rate,
        charge_cap,
        sequestration,
        price_source,
        limit_hcpcs,
        effective_quarter,
        published_on,
        list_row_id,
        opps_status,
        price_usd,
        price_mg,
        unit_mg,
        unit_price_usd,
        percent_fraction,
        coinsurance_fraction,
        unit_copayment_usd as opps_copayment_usd,
        pays_waste,
        cap,
        ceiling_usd,
        at_rate_usd,
        reason is null as is_priced_at_rate,
        case
            when reason like 'suppressed:%' then 'suppressed'
            when reason like 'not covered:%' then 'not_covered'
        end as term_outcome,
        case
            when reason is null then capped_usd
            when reason like 'not covered:%' or reason like 'priced: 0.00%'
                then cast(0 as decimal(18, 2))
        end as expected_allowed_usd,
        coalesce(cast(at_rate_usd - capped_usd as decimal(18, 2)), 0)
            as charge_limited_usd,
        cast(
            case
                when reason is null and is_lagging then without_lag_usd - capped_usd
                else 0
            end as decimal(18, 2)
        ) as lag_effect_usd,
        coalesce(reason, price_words) || case
            when reason is not null or capped_usd >= at_rate_usd then ''
            when charge_cap = 'line'
                then ', at most the charge ' || cast(charge_usd as varchar)
            else
                ', cut from ' || cast(at_rate_usd as varchar)
                || ' by the claim''s charges'
        end as pricing_basis
    from copayments
)

select * from final
