-- what    runs of weeks in which most lines of a term and code carry one rate
-- grain   one row per payer, line of business, claim type, term, code and week of service
-- key     payer_id, line_of_business, claim_type, term_id, hcpcs, service_week
-- reads   int_rates_by_week, int_rates_paid
-- beware  a week without a line is no break; one whose lines share no rate is (RULES 18.2)

with

weeks as (
    select distinct
        payer_id,
        line_of_business,
        claim_type,
        term_id,
        hcpcs,
        service_week
    from int_rates_paid
),

rates as (
    select
        weeks.*,
        coalesce(modal.candidate, 'none') as candidate,
        case when modal.candidate <> 'term' then modal.rate_basis end as rate_basis,
        modal.rate_seen
    from weeks
    left join int_rates_by_week as modal
        on
            weeks.payer_id = modal.payer_id
            and weeks.line_of_business = modal.line_of_business
            and weeks.claim_type = modal.claim_type
            and weeks.term_id = modal.term_id
            and weeks.hcpcs = modal.hcpcs
            and weeks.service_week = modal.service_week
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
