-- what    the arithmetic of every line at the rate of its term, in words
-- grain   one row per primary claim line with exactly one term
-- key     claim_id, line_number, payer_id
-- reads   int_lines_with_unit_price, int_lines_at_rate
-- beware  a sentence stands also for lines that are not priced; what decides is int_lines_with_reason

with

numbers as (
    select
        prices.*,
        regexp_replace(
            regexp_replace(cast(prices.units as varchar), '0+$', ''), '[.]$', ''
        ) as units_text,
        regexp_replace(
            regexp_replace(cast(at_rate.unit_price_usd as varchar), '0+$', ''),
            '[.]$',
            ''
        ) as unit_price_text,
        regexp_replace(
            regexp_replace(cast(prices.price_usd as varchar), '0+$', ''), '[.]$', ''
        ) as price_text,
        regexp_replace(
            regexp_replace(cast(prices.price_mg as varchar), '0+$', ''), '[.]$', ''
        ) as price_mg_text,
        regexp_replace(
            regexp_replace(cast(prices.unit_mg as varchar), '0+$', ''), '[.]$', ''
        ) as unit_mg_text,
        regexp_replace(
            regexp_replace(
                cast(cast(abs(prices.rate) as decimal(12, 6)) as varchar), '0+$', ''
            ),
            '[.]$',
            ''
        ) as rate_text,
        regexp_replace(
            regexp_replace(
                cast(cast(at_rate.percent_fraction * 100 as decimal(12, 4)) as varchar),
                '0+$',
                ''
            ),
            '[.]$',
            ''
        )
        || '%' as percent_text,
        regexp_replace(
            regexp_replace(cast(at_rate.rounded_price_usd as varchar), '0+$', ''),
            '[.]$',
            ''
        )
            as rounded_text
    from int_lines_with_unit_price as prices
    inner join int_lines_at_rate as at_rate
        on
            prices.claim_id = at_rate.claim_id
            and prices.line_number = at_rate.line_number
            and prices.payer_id = at_rate.payer_id
),

sources as (
    select
        *,
        case price_source
            when 'limit' then limit_hcpcs || ' limit ' || effective_quarter
            when 'opps' then limit_hcpcs || ' OPPS rate ' || service_quarter
            when 'list'
                then
                    case when list_key_distance = 3 then cms_hcpcs || ' ' else '' end
                    || upper(price_kind)
                    || case
                        when list_effective_from > date '0001-01-01'
                            then ' of ' || cast(list_effective_from as varchar)
                        else ''
                    end
            else ''
        end as source_text,
        case
            when price_mg is null then ''
            else
                ' ' || price_text || ' per '
                || case when price_mg = 1 then 'mg' else price_mg_text || ' mg' end
                || ', billed per ' || unit_mg_text || ' mg'
        end as per_mg_text,
        case price_source
            when 'limit'
                then
                    ', published '
                    || case when is_date_estimated then 'about ' else '' end
                    || cast(published_on as varchar)
            when 'opps'
                then
                    ', published '
                    || case when is_opps_date_estimated then 'about ' else '' end
                    || cast(opps_published_on as varchar)
            else ''
        end as published_text
    from numbers
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        case
            when method = 'pct_of_charge'
                then
                    'priced: charge ' || cast(charge_usd as varchar) || ' x '
                    || percent_text || ' (term ' || term_id || ')'
            when method = 'fixed'
                then
                    'priced: ' || units_text || ' x ' || unit_price_text || ' ('
                    || case
                        when price_mg is null then ''
                        else trim(per_mg_text) || ', '
                    end
                    || 'term ' || term_id || ')'
            else
                'priced: ' || units_text || ' x ' || unit_price_text || ' ('
                || source_text || per_mg_text || published_text || ') x '
                || case
                    when method <> 'asp_plus' then percent_text
                    when rate < 0 then '(100 - ' || rate_text || ') / 106'
                    else '(100 + ' || rate_text || ') / 106'
                end
        end
        || case
            when price_source = 'limit' and price_lag_days > 0
                then
                    ', the price of ' || effective_quarter || ' under a lag of '
                    || cast(price_lag_days as varchar) || ' days'
            else ''
        end
        || coalesce(', unit price rounded to ' || rounded_text, '') as price_words
    from sources
)

select * from final
