-- what    how Medicare pays a code in a hospital outpatient department, as last published by as-of
-- grain   one row per quarter and code
-- key     service_quarter, hcpcs
-- reads   stg_ref__opps_status, raw_site
-- beware  a status other than K and G has no rate of its own; a rate of a million dollars is none that a line can be priced by

with

known as (
    select
        status.*,
        cast(year(status.effective_from) as varchar) || 'Q'
        || cast(quarter(status.effective_from) as varchar) as service_quarter
    from stg_ref__opps_status as status
    cross join raw_site
    where status.published_on <= raw_site.as_of
),

final as (
    select
        service_quarter,
        hcpcs,
        coalesce(status_indicator, '') as opps_status,
        effective_from as opps_effective_from,
        published_on as opps_published_on,
        is_date_estimated as is_opps_date_estimated,
        cast(
            case
                when
                    status_indicator in ('K', 'G') and payment_rate_usd < 1000000
                    then payment_rate_usd
            end as decimal(12, 6)
        ) as opps_rate_usd,
        cast(
            coalesce(
                adjusted_copayment_usd, minimum_copayment_usd, national_copayment_usd
            ) as decimal(12, 6)
        ) as opps_copayment_usd
    from known
    qualify
        row_number() over (
            partition by service_quarter, hcpcs
            order by published_on desc, effective_from desc
        ) = 1
)

select * from final
