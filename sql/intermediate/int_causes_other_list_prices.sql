-- what    the list prices of other days a short or overpaid line may have been priced at
-- grain   one row per line priced at a list price and other price of the same key
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_causes_lines_left, stg_ref__list_prices
-- beware  the previous price first, then the next, then two to four back (RULES 16.6)

with

lines as (
    select
        open_lines.claim_id,
        open_lines.line_number,
        open_lines.payer_id,
        open_lines.hcpcs as code,
        open_lines.list_row_id,
        open_lines.list_key_distance,
        open_lines.is_house_code,
        open_lines.cms_hcpcs,
        open_lines.drug_cms_unit_mg,
        own_prices.price_kind,
        own_prices.ndc11,
        own_prices.hcpcs
    from int_causes_lines_left as open_lines
    inner join stg_ref__list_prices as own_prices
        on open_lines.list_row_id = own_prices.row_id
),

-- the prices that the line's own was the latest of on its day
of_the_key as (
    select
        lines.*,
        prices.row_id,
        prices.per,
        prices.price,
        prices.effective_from,
        lines.list_key_distance = 3 or coalesce(prices.hcpcs <> lines.code, false)
            as is_of_cms_unit,
        row_number() over (
            partition by lines.claim_id, lines.line_number, lines.payer_id
            order by prices.effective_from asc, prices.row_id desc
        ) as number_of_price
    from lines
    inner join stg_ref__list_prices as prices
        on
            lines.price_kind = prices.price_kind
            and coalesce(lines.ndc11, lines.hcpcs)
            = coalesce(prices.ndc11, prices.hcpcs)
            and (
                (lines.ndc11 is null and prices.ndc11 is null)
                or (
                    lines.ndc11 = prices.ndc11
                    and (
                        prices.per = 'mg'
                        or prices.hcpcs is null
                        or lines.code = prices.hcpcs
                        or (lines.is_house_code and lines.cms_hcpcs = prices.hcpcs)
                    )
                )
            )
),

own_numbers as (
    select
        claim_id,
        line_number,
        payer_id,
        number_of_price
    from of_the_key
    where row_id = list_row_id
),

others as (
    select
        prices.*,
        case own_numbers.number_of_price - prices.number_of_price
            when 1 then 1
            when -1 then 2
            when 2 then 3
            when 3 then 4
            when 4 then 5
        end as place
    from of_the_key as prices
    inner join own_numbers
        on
            prices.claim_id = own_numbers.claim_id
            and prices.line_number = own_numbers.line_number
            and prices.payer_id = own_numbers.payer_id
            and prices.number_of_price <> own_numbers.number_of_price
            and prices.number_of_price - own_numbers.number_of_price between -4 and 1
),

-- the price of a unit of the CMS code behind a house code is of that code's milligrams
final as (
    select
        claim_id,
        line_number,
        payer_id,
        'list price row ' || row_id as candidate,
        price as price_usd,
        case
            when per = 'mg' then cast(1 as decimal(12, 6))
            when is_of_cms_unit then cast(drug_cms_unit_mg as decimal(12, 6))
        end as price_mg,
        place,
        upper(price_kind) || ' of ' || coalesce('NDC ' || ndc11, hcpcs)
        || case
            when effective_from > date '0001-01-01'
                then ' in force from ' || cast(effective_from as varchar)
            else ''
        end
        || ': '
        || regexp_replace(cast(price as varchar), '[.]?0+$', '')
        || ' a ' || per as said
    from others
)

select * from final
