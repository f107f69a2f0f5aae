-- what    the price of one billed unit under each line's term
-- grain   one row per primary claim line with exactly one term
-- key     claim_id, line_number, payer_id
-- reads   int_lines_with_term, stg_ref__contract_terms, int_claim_lines_with_remit_additions, int_drug_lines_identified, int_event_lines, stg_ref__payment_limits, raw_site
-- beware  a house code is priced at the limit of its drug's CMS code, per milligram

with

first_payments as (
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        min(payment_date) as first_paid_date
    from int_event_lines
    where speaks
    group by claim_id, line_number, payer_id, payer_rank
),

lines as (
    select
        with_term.claim_id,
        with_term.line_number,
        with_term.payer_id,
        terms.* exclude (payer_id),
        claim_lines.hcpcs as billed_hcpcs,
        claim_lines.service_date,
        claim_lines.service_through_date,
        drug_lines.identity_basis = 'house_code' as is_house_code,
        drug_lines.unit_mg,
        drug_lines.drug_cms_unit_mg,
        case
            when drug_lines.identity_basis = 'house_code' then drug_lines.cms_hcpcs
            else claim_lines.hcpcs
        end as limit_hcpcs,
        cast(year(claim_lines.service_date) as varchar) || 'Q'
        || cast(quarter(claim_lines.service_date) as varchar) as effective_quarter,
        cast(year(claim_lines.service_through_date) as varchar) || 'Q'
        || cast(quarter(claim_lines.service_through_date) as varchar)
            as through_quarter,
        case
            when terms.price_vintage = 'latest' then raw_site.as_of
            when terms.price_vintage = 'at_payment'
                then coalesce(first_payments.first_paid_date, raw_site.as_of)
        end as known_by
    from int_lines_with_term as with_term
    inner join stg_ref__contract_terms as terms
        on with_term.row_id = terms.row_id
    inner join int_claim_lines_with_remit_additions as claim_lines
        on
            with_term.claim_id = claim_lines.claim_id
            and with_term.line_number = claim_lines.line_number
            and with_term.payer_id = claim_lines.payer_id
            and claim_lines.payer_rank = 'primary'
    left join int_drug_lines_identified as drug_lines
        on
            claim_lines.claim_id = drug_lines.claim_id
            and claim_lines.line_number = drug_lines.line_number
            and claim_lines.payer_id = drug_lines.payer_id
            and claim_lines.payer_rank = drug_lines.payer_rank
    left join first_payments
        on
            claim_lines.claim_id = first_payments.claim_id
            and claim_lines.line_number = first_payments.line_number
            and claim_lines.payer_id = first_payments.payer_id
            and claim_lines.payer_rank = first_payments.payer_rank
    cross join raw_site
),

limits as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        limits_published.payment_limit_usd,
        limits_published.coinsurance_fraction,
        limits_published.published_on
    from lines
    inner join stg_ref__payment_limits as limits_published
        on
            lines.limit_hcpcs = limits_published.hcpcs
            and lines.effective_quarter = limits_published.effective_quarter
    cross join raw_site
    where limits_published.published_on <= raw_site.as_of
    qualify
        row_number() over (
            partition by lines.claim_id, lines.line_number, lines.payer_id
            order by
                case
                    when limits_published.published_on <= lines.known_by then 0
                    else 1
                end,
                case
                    when limits_published.published_on <= lines.known_by
                        then
                            datediff(
                                'day', limits_published.published_on, date '9999-12-31'
                            )
                    else
                        datediff(
                            'day', date '0001-01-01', limits_published.published_on
                        )
                end
        ) = 1
),

-- price per milligram times the milligrams billed: a double quotient to six
-- decimals, then corrected by the exact remainder (RULES 8.5)
near_prices as (
    select
        lines.*,
        limits.payment_limit_usd,
        limits.coinsurance_fraction,
        limits.published_on,
        cast(
            cast(limits.payment_limit_usd as decimal(19, 6)) * lines.unit_mg
            as decimal(38, 12)
        ) as price_times_mg,
        cast(
            cast(
                cast(limits.payment_limit_usd as decimal(19, 6)) * lines.unit_mg
                as double
            ) / nullif(cast(lines.drug_cms_unit_mg as double), 0) as decimal(18, 6)
        ) as near_price
    from lines
    left join limits
        on
            lines.claim_id = limits.claim_id
            and lines.line_number = limits.line_number
            and lines.payer_id = limits.payer_id
),

remainders as (
    select
        *,
        (
            price_times_mg - cast(near_price as decimal(19, 6)) * drug_cms_unit_mg
        ) * 2 as twice_remainder,
        drug_cms_unit_mg * cast(0.000001 as decimal(7, 6)) as one_step
    from near_prices
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        row_id,
        term_id,
        contract_id,
        clause,
        method,
        percent_fraction,
        charge_cap,
        price_lag_days,
        price_decimals,
        hcpcs as term_hcpcs,
        drug as term_drug,
        sequestration,
        limit_hcpcs,
        effective_quarter,
        published_on,
        payment_limit_usd,
        coinsurance_fraction,
        is_house_code,
        unit_mg,
        drug_cms_unit_mg,
        cast(
            case
                when method = 'fixed' then rate
                when method = 'pct_of_limit' and not coalesce(is_house_code, false)
                    then payment_limit_usd
                when method = 'pct_of_limit' and twice_remainder >= one_step
                    then near_price + cast(0.000001 as decimal(7, 6))
                when method = 'pct_of_limit' and twice_remainder < -one_step
                    then near_price - cast(0.000001 as decimal(7, 6))
                when method = 'pct_of_limit' then near_price
            end as decimal(12, 6)
        ) as unit_price_usd,
        service_through_date > service_date and (
            service_through_date > effective_through
            or (method = 'pct_of_limit' and through_quarter <> effective_quarter)
        ) as spans_two_prices
    from remainders
)

select * from final
