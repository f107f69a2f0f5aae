-- what    the price each line's term asks for: the rate, CMS limit, OPPS rate or list price it is made of
-- grain   one row per line and candidate looked up
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_lines_to_look_up, stg_ref__contract_terms, int_limits_as_known, int_opps_rates_as_known, stg_ref__list_prices, raw_site
-- beware  price_usd stands also where no_price_basis says that it may not be used; other tables run this SELECT by `-- same`

with

-- what an empty charge cap or sequestration means is the law of Medicare (42 CFR
-- 414.904; metrics 4); candidate without_lag asks what a price lag costs (RULES 8.9)
with_term as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.candidate,
        lines.row_id,
        lines.hcpcs,
        lines.ndc11,
        lines.drug,
        lines.unit_mg,
        lines.cms_hcpcs,
        lines.drug_cms_unit_mg,
        lines.is_house_code,
        lines.line_of_business,
        lines.claim_type,
        lines.service_date,
        lines.service_through_date,
        lines.first_paid_date,
        lines.units,
        lines.charge_usd,
        terms.term_id,
        terms.contract_id,
        terms.clause,
        terms.recorded_on,
        terms.effective_from as term_effective_from,
        terms.effective_through as term_effective_through,
        terms.hcpcs as term_hcpcs,
        terms.drug as term_drug,
        terms.method,
        terms.rate,
        cast(terms.price_decimals as int) as price_decimals,
        terms.method in ('pct_of_limit', 'asp_plus') as is_by_limit,
        terms.ndc11 is null and terms.hcpcs = '*' and terms.drug is not null
            as is_keyed_by_drug,
        case terms.method when 'awp_minus' then 'awp' when 'wac_plus' then 'wac' end
            as price_kind,
        case when lines.is_house_code then lines.cms_hcpcs else lines.hcpcs end
            as limit_hcpcs,
        terms.price_vintage,
        case terms.price_vintage
            when 'latest' then raw_site.as_of
            when 'at_payment' then coalesce(lines.first_paid_date, raw_site.as_of)
            else date '0001-01-01'
        end as known_by,
        case
            when lines.candidate = 'without_lag' then 0
            else least(terms.price_lag_days, 36500)
        end as price_lag_days,
        coalesce(
            terms.charge_cap,
            case
                when
                    lines.line_of_business = 'medicare_ffs'
                    and coalesce(lines.claim_type, 'professional') = 'professional'
                    then 'line'
                else 'none'
            end
        ) as charge_cap,
        coalesce(
            terms.sequestration,
            case when lines.line_of_business = 'medicare_ffs' then 'yes' else 'no' end
        ) as sequestration
    from int_lines_to_look_up as lines
    inner join stg_ref__contract_terms as terms
        on lines.row_id = terms.row_id
    cross join raw_site
),

asked as (
    select
        *,
        cast(year(service_date) as varchar) || 'Q'
        || cast(quarter(service_date) as varchar) as service_quarter,
        cast(year(service_date - price_lag_days) as varchar) || 'Q'
        || cast(quarter(service_date - price_lag_days) as varchar) as effective_quarter,
        service_through_date > service_date and (
            cast(year(service_through_date) as varchar) || 'Q'
            || cast(quarter(service_through_date) as varchar)
            <> cast(year(service_date) as varchar) || 'Q'
            || cast(quarter(service_date) as varchar)
        ) as is_over_quarters,
        service_through_date > service_date and (
            cast(year(service_through_date - price_lag_days) as varchar) || 'Q'
            || cast(quarter(service_through_date - price_lag_days) as varchar)
            <> cast(year(service_date - price_lag_days) as varchar) || 'Q'
            || cast(quarter(service_date - price_lag_days) as varchar)
        ) as is_over_lagged_quarters
    from with_term
),

-- a list price by the line's NDC, else by its code, else by its drug's CMS code
list_keys as (
    select
        *,
        ndc11 as list_key,
        1 as key_distance
    from asked
    union all
    select
        *,
        hcpcs as list_key,
        2 as key_distance
    from asked
    union all
    select
        *,
        cms_hcpcs as list_key,
        3 as key_distance
    from asked
    where is_house_code and cms_hcpcs <> hcpcs
),

list_rows as (
    select
        keys.claim_id,
        keys.line_number,
        keys.payer_id,
        keys.candidate,
        keys.service_date,
        keys.service_through_date,
        keys.key_distance,
        prices.row_id as list_row_id,
        prices.price,
        prices.per,
        prices.effective_from,
        prices.per = 'unit'
        and coalesce(prices.hcpcs <> keys.hcpcs, false) as is_of_cms_unit
    from list_keys as keys
    inner join stg_ref__list_prices as prices
        on
            keys.price_kind = prices.price_kind
            and keys.list_key = coalesce(prices.ndc11, prices.hcpcs)
            and (keys.key_distance = 1) = (prices.ndc11 is not null)
            -- whose unit a price by package means: no other code's than these (RULES 8.5)
            and (
                prices.per = 'mg'
                or prices.hcpcs is null
                or keys.hcpcs = prices.hcpcs
                or (keys.is_house_code and keys.cms_hcpcs = prices.hcpcs)
            )
),

list_places as (
    select
        *,
        effective_from <= service_date and row_number() over (
            partition by claim_id, line_number, payer_id, candidate
            order by
                case when effective_from <= service_date then 0 else 1 end,
                key_distance asc,
                effective_from desc,
                case when per = 'unit' then 0 else 1 end,
                price asc,
                list_row_id asc
        ) = 1 as is_from_price,
        effective_from <= service_through_date and row_number() over (
            partition by claim_id, line_number, payer_id, candidate
            order by
                case when effective_from <= service_through_date then 0 else 1 end,
                key_distance asc,
                effective_from desc,
                case when per = 'unit' then 0 else 1 end,
                price asc,
                list_row_id asc
        ) = 1 as is_through_price
    from list_rows
),

lists as (
    select
        claim_id,
        line_number,
        payer_id,
        candidate,
        max(case when is_from_price then list_row_id end) as list_row_id,
        max(case when is_from_price then price end) as list_price_usd,
        max(case when is_from_price then per end) as list_per,
        max(case when is_from_price then effective_from end) as list_effective_from,
        max(case when is_from_price then key_distance end) as list_key_distance,
        max(case when is_from_price and is_of_cms_unit then 1 else 0 end) = 1
            as is_list_of_cms_unit,
        max(case when is_through_price then list_row_id end) as through_list_row_id
    from list_places
    group by claim_id, line_number, payer_id, candidate
),

with_price as (
    select
        asked.*,
        limits.payment_limit_usd,
        limits.coinsurance_fraction,
        limits.published_on,
        limits.is_date_estimated,
        limits.no_asp_because,
        opps.opps_status,
        opps.opps_effective_from,
        opps.opps_published_on,
        opps.is_opps_date_estimated,
        opps.opps_rate_usd,
        opps.opps_copayment_usd,
        lists.list_row_id,
        lists.list_per,
        lists.list_effective_from,
        lists.list_key_distance,
        lists.through_list_row_id,
        case
            when asked.method = 'fixed' then 'rate'
            when opps.opps_status is not null then 'opps'
            when asked.is_by_limit then 'limit'
            when asked.price_kind is not null then 'list'
        end as price_source,
        cast(
            case
                when asked.method = 'fixed' then asked.rate
                when opps.opps_status is not null then opps.opps_rate_usd
                when asked.is_by_limit then limits.payment_limit_usd
                else lists.list_price_usd
            end as decimal(12, 6)
        ) as price_usd,
        cast(
            case
                when asked.method = 'fixed' and asked.is_keyed_by_drug then 1
                when lists.list_per = 'mg' then 1
                when lists.is_list_of_cms_unit then asked.drug_cms_unit_mg
                when asked.is_by_limit and asked.is_house_code
                    then asked.drug_cms_unit_mg
            end as decimal(12, 6)
        ) as price_mg
    from asked
    left join int_limits_as_known as limits
        on
            asked.limit_hcpcs = limits.hcpcs
            and asked.effective_quarter = limits.effective_quarter
            and asked.known_by >= limits.latest_from
            and asked.known_by < limits.latest_until
            and asked.is_by_limit
    left join int_opps_rates_as_known as opps
        on
            asked.limit_hcpcs = opps.hcpcs
            and asked.service_quarter = opps.service_quarter
            and asked.line_of_business = 'medicare_ffs'
            and asked.claim_type = 'institutional'
            and asked.method = 'pct_of_limit'
    left join lists
        on
            asked.claim_id = lists.claim_id
            and asked.line_number = lists.line_number
            and asked.payer_id = lists.payer_id
            and asked.candidate = lists.candidate
),

final as (
    select
        * exclude (
            is_by_limit,
            known_by,
            through_list_row_id,
            is_over_quarters,
            is_over_lagged_quarters
        ),
        case
            when price_mg is not null and unit_mg is null
                then 'not priced: milligrams per unit unknown'
            when
                service_through_date > service_date
                and (
                    service_through_date > term_effective_through
                    or (is_by_limit and is_over_lagged_quarters)
                    or (opps_status is not null and is_over_quarters)
                    or (
                        price_kind is not null
                        and list_row_id is distinct from through_list_row_id
                    )
                )
                then 'not priced: service dates span two prices'
            when
                charge_usd is null
                and (method = 'pct_of_charge' or charge_cap = 'line')
                then 'not priced: charge not stated'
            when opps_status = 'N'
                then 'not priced: packaged under OPPS (status N)'
            when opps_status not in ('K', 'G')
                then 'not priced: not paid under OPPS (status ' || opps_status || ')'
            when is_by_limit and price_usd is null
                then 'not priced: no CMS payment limit'
            when price_kind is not null and price_usd is null
                then 'not priced: no ' || upper(price_kind) || ' list price'
            when method = 'asp_plus' and no_asp_because is not null
                then
                    'not priced: ASP cannot be told from this limit ('
                    || no_asp_because || ')'
            when method <> 'pct_of_charge' and units is null
                then 'not priced: units not stated'
        end as no_price_basis
    from with_price
)

select * from final
