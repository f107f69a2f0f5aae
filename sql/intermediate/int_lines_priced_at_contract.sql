-- what    contracted allowed amount of every primary line, with its arithmetic in words
-- grain   one row per primary claim line and payer
-- key     claim_id, line_number, payer_id
-- reads   int_claim_lines_with_remit_additions, int_lines_with_term, int_lines_with_unit_price, int_lines_with_policy
-- beware  a line that cannot be priced keeps its row; pricing_basis says why, expected is null

with

lines as (
    select
        claim_lines.claim_id,
        claim_lines.line_number,
        claim_lines.payer_id,
        claim_lines.is_known_payer,
        claim_lines.is_waste_line,
        claim_lines.claim_type,
        claim_lines.modifiers,
        claim_lines.service_date,
        claim_lines.billed_units,
        claim_lines.charge_usd,
        with_term.line_of_business,
        with_term.no_term_basis,
        policies.covered,
        policies.pays_waste,
        policies.policy_source,
        prices.* exclude (
            claim_id, line_number, payer_id, charge_cap, sequestration
        ),
        -- Medicare pays the lesser of charge and limit on professional claims, and
        -- sequestration is its law (42 CFR 414.904; metrics 4): a term need not say so
        coalesce(
            prices.charge_cap,
            case
                when
                    with_term.line_of_business = 'medicare_ffs'
                    and coalesce(claim_lines.claim_type, 'professional')
                    = 'professional'
                    then 'line'
                else 'none'
            end
        ) as charge_cap,
        coalesce(
            prices.sequestration,
            case
                when with_term.line_of_business = 'medicare_ffs' then 'yes' else 'no'
            end
        ) as sequestration
    from int_claim_lines_with_remit_additions as claim_lines
    inner join int_lines_with_term as with_term
        on
            claim_lines.claim_id = with_term.claim_id
            and claim_lines.line_number = with_term.line_number
            and claim_lines.payer_id = with_term.payer_id
    left join int_lines_with_unit_price as prices
        on
            claim_lines.claim_id = prices.claim_id
            and claim_lines.line_number = prices.line_number
            and claim_lines.payer_id = prices.payer_id
    left join int_lines_with_policy as policies
        on
            claim_lines.claim_id = policies.claim_id
            and claim_lines.line_number = policies.line_number
            and claim_lines.payer_id = policies.payer_id
            and claim_lines.payer_rank = policies.payer_rank
    where claim_lines.payer_rank = 'primary'
),

kinds as (
    select
        *,
        case
            when not is_known_payer then 'not priced: payer not in payers.csv'
            when no_term_basis like 'not priced: line of business%' then no_term_basis
            when method in ('capitated', 'case_rate')
                then 'suppressed: ' || method || ' (term ' || term_id || ')'
            when method = 'not_covered' then 'not covered: term ' || term_id
            when covered = 'no' then 'not covered: policy ' || policy_source
            when is_waste_line and pays_waste = 'no'
                then 'priced: 0.00, no waste is paid (policy ' || policy_source || ')'
            when no_term_basis is not null then no_term_basis
            when
                line_of_business = 'medicare_ffs'
                and ' ' || modifiers || ' ' like '% JG %'
                and service_date between date '2018-01-01' and date '2022-09-27'
                then 'not priced: JG line of 2018-01-01 to 2022-09-27 (litigated)'
            when method not in ('fixed', 'pct_of_limit', 'pct_of_charge')
                then 'not priced: method ' || method || ' is not in this version'
            when term_drug is not null and term_hcpcs = '*'
                then 'not priced: a term keyed by drug is not in this version'
            when charge_cap = 'claim'
                then 'not priced: a cap over the claim is not in this version'
            when price_lag_days > 0
                then 'not priced: a price lag is not in this version'
            when price_decimals is not null
                then 'not priced: a rounded unit price is not in this version'
            when spans_two_prices then 'not priced: service dates span two prices'
            when
                charge_usd is null
                and (method = 'pct_of_charge' or charge_cap = 'line')
                then 'not priced: charge not stated'
            when method = 'pct_of_limit' and payment_limit_usd is null
                then 'not priced: no CMS payment limit'
            when method <> 'pct_of_charge' and billed_units is null
                then 'not priced: units not stated'
        end as other_basis
    from lines
),

rates as (
    select
        *,
        case
            when other_basis is not null then null
            when
                method = 'pct_of_charge'
                then
                    cast(
                        cast(charge_usd as decimal(28, 9)) * percent_fraction
                        as decimal(18, 2)
                    )
            else
                cast(
                    cast(
                        cast(billed_units as decimal(19, 3)) * unit_price_usd
                        as decimal(28, 9)
                    ) * percent_fraction as decimal(18, 2)
                )
        end as at_rate_usd
    from kinds
),

capped as (
    select
        *,
        case
            when charge_cap = 'line' and charge_usd < at_rate_usd then charge_usd
            else at_rate_usd
        end as capped_usd,
        regexp_replace(
            regexp_replace(cast(billed_units as varchar), '0+$', ''), '[.]$', ''
        ) as units_text,
        regexp_replace(
            regexp_replace(cast(unit_price_usd as varchar), '0+$', ''), '[.]$', ''
        ) as unit_price_text,
        regexp_replace(
            regexp_replace(cast(payment_limit_usd as varchar), '0+$', ''), '[.]$', ''
        ) as limit_text,
        regexp_replace(
            regexp_replace(
                cast(cast(percent_fraction * 100 as decimal(12, 4)) as varchar),
                '0+$', ''
            ),
            '[.]$', ''
        ) || '%' as percent_text
    from rates
),

worded as (
    select
        *,
        case
            when other_basis is not null then other_basis
            when method = 'pct_of_charge'
                then
                    'priced: charge ' || cast(charge_usd as varchar) || ' x '
                    || percent_text || ' (term ' || term_id || ')'
            when method = 'fixed'
                then
                    'priced: ' || units_text || ' x ' || unit_price_text
                    || ' (term ' || term_id || ')'
            when is_house_code
                then
                    'priced: ' || units_text || ' x ' || unit_price_text || ' ('
                    || limit_hcpcs || ' limit ' || effective_quarter || ' '
                    || limit_text || ' per '
                    || regexp_replace(
                        regexp_replace(cast(drug_cms_unit_mg as varchar), '0+$', ''),
                        '[.]$', ''
                    )
                    || ' mg, billed per '
                    || regexp_replace(
                        regexp_replace(cast(unit_mg as varchar), '0+$', ''),
                        '[.]$', ''
                    )
                    || ' mg, published ' || cast(published_on as varchar) || ') x '
                    || percent_text
            else
                'priced: ' || units_text || ' x ' || unit_price_text || ' ('
                || limit_hcpcs || ' limit ' || effective_quarter || ', published '
                || cast(published_on as varchar) || ') x ' || percent_text
        end
        || case
            when capped_usd < at_rate_usd
                then ', at most the charge ' || cast(charge_usd as varchar)
            else ''
        end as pricing_basis
    from capped
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        line_of_business,
        term_id,
        contract_id,
        clause,
        method,
        sequestration,
        unit_price_usd,
        percent_fraction,
        coinsurance_fraction,
        pays_waste,
        other_basis is null as is_priced_at_rate,
        case
            when other_basis like 'suppressed:%' then 'suppressed'
            when other_basis like 'not covered:%' then 'not_covered'
        end as term_outcome,
        case
            when other_basis is null then capped_usd
            when
                other_basis like 'not covered:%' or other_basis like 'priced: 0.00%'
                then cast(0 as decimal(18, 2))
        end as expected_allowed_usd,
        coalesce(cast(at_rate_usd - capped_usd as decimal(18, 2)), 0)
            as charge_limited_usd,
        pricing_basis
    from worded
)

select * from final
