-- what    runs of weeks in which most lines of a term and code carry one rate
-- grain   one row per payer, line of business, claim type, term, code and week of service
-- key     payer_id, line_of_business, claim_type, term_id, hcpcs, service_week
-- reads   int_rates_by_week
-- beware  a week without a line is no break; one whose lines share no rate is (RULES 18.2)

with

rates as (
    select
        payer_id,
        line_of_business,
        claim_type,
        term_id,
        hcpcs,
        service_week,
        candidate,
        case when candidate <> 'term' then rate_basis end as rate_basis,
        rate_seen
    from int_rates_by_week
),

breaks as (
    select
        *,
        case
            when
                lag(candidate) over (
                    partition by payer_id, line_of_business, claim_type, term_id, hcpcs
                    order by service_week
                ) = candidate
                and lag(coalesce(rate_basis, '')) over (
                    partition by payer_id, line_of_business, claim_type, term_id, hcpcs
                    order by service_week
                ) = coalesce(rate_basis, '')
                then 0
            else 1
        end as is_break
    from rates
),

final as (
    select
        * exclude (is_break),
        cast(
            sum(is_break) over (
                partition by payer_id, line_of_business, claim_type, term_id, hcpcs
                order by service_week
                rows between unbounded preceding and current row
            ) as int
        ) as stretch_number
    from breaks
)

select * from final
