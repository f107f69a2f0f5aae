-- what    the limits of other vintages and quarters a short or overpaid line may have been priced at
-- grain   one row per line priced at a CMS limit and other limit of its code
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_causes_lines_left, raw_site, stg_ref__payment_limits
-- beware  the priced quarter's own vintages first, then the previous quarter, the next, and two to four back (RULES 16.6)

with

lines as (
    select
        claim_id,
        line_number,
        payer_id,
        limit_hcpcs,
        effective_quarter,
        published_on,
        cast(substr(effective_quarter, 1, 4) as int) * 4
        + cast(substr(effective_quarter, 6, 1) as int) as quarter_number
    from int_causes_lines_left
    where price_source = 'limit'
),

limits as (
    select
        limits_published.*,
        cast(substr(limits_published.effective_quarter, 1, 4) as int) * 4
        + cast(substr(limits_published.effective_quarter, 6, 1) as int)
            as quarter_number,
        row_number() over (
            partition by limits_published.hcpcs, limits_published.effective_quarter
            order by limits_published.published_on
        ) as vintage,
        count(*) over (
            partition by limits_published.hcpcs, limits_published.effective_quarter
        ) as vintages
    from stg_ref__payment_limits as limits_published
    cross join raw_site
    where limits_published.published_on <= raw_site.as_of
),

others as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        limits.hcpcs,
        limits.effective_quarter,
        limits.published_on,
        limits.payment_limit_usd,
        limits.vintage,
        limits.vintages,
        case lines.quarter_number - limits.quarter_number
            when 0 then 1
            when 1 then 2
            when -1 then 3
            when 2 then 4
            when 3 then 5
            when 4 then 6
        end as quarter_place
    from lines
    inner join limits
        on
            lines.limit_hcpcs = limits.hcpcs
            and lines.quarter_number - limits.quarter_number between -1 and 4
            and (
                lines.effective_quarter <> limits.effective_quarter
                or lines.published_on <> limits.published_on
            )
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        'limit ' || effective_quarter || ' ' || cast(published_on as varchar)
            as candidate,
        payment_limit_usd as price_usd,
        row_number() over (
            partition by claim_id, line_number, payer_id
            order by quarter_place asc, published_on desc
        ) as place,
        hcpcs || ' limit ' || effective_quarter || ', '
        || case
            when vintages > 1 and vintage = 1 then 'first '
            when vintages > 1 and vintage = vintages then 'last '
            else ''
        end
        || 'published ' || cast(published_on as varchar) || ': '
        || regexp_replace(cast(payment_limit_usd as varchar), '[.]?0+$', '') as said
    from others
)

select * from final
