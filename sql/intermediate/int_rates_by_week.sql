-- what    the paid lines of a term and code, and the rate that most of them carry, week by week of service
-- grain   one row per payer, line of business, claim type, term, code and week of service
-- key     payer_id, line_of_business, claim_type, term_id, hcpcs, service_week
-- reads   int_rates_carried, int_rates_paid
-- beware  candidate is none where no rate is carried; a tie goes to the term's own rate, then to the rate more lines of all weeks carry, a percent before dollars a unit, the rounder, the one with more dollars, the larger (RULES 18.1)

with

weeks as (
    select
        payer_id,
        line_of_business,
        claim_type,
        term_id,
        hcpcs,
        service_week,
        min(payer_name) as payer_name,
        max(term_says) as term_says,
        count(*) as lines,
        count(distinct claim_id) as claims,
        count(case when is_at_term then 1 end) as lines_at_term,
        cast(sum(expected_allowed_usd) as decimal(18, 2)) as expected_allowed_usd,
        cast(sum(allowed_usd) as decimal(18, 2)) as allowed_usd,
        cast(sum(shortfall_usd) as decimal(18, 2)) as shortfall_usd,
        cast(sum(overpaid_usd) as decimal(18, 2)) as overpaid_usd
    from int_rates_paid
    group by
        payer_id, line_of_business, claim_type, term_id, hcpcs, service_week
),

rates as (
    select
        payer_id,
        line_of_business,
        claim_type,
        term_id,
        hcpcs,
        service_week,
        candidate,
        rate_basis,
        rate_seen,
        min(decimals_rank) as decimals_rank,
        count(*) as lines,
        count(distinct claim_id) as claims,
        sum(allowed_usd) as allowed_usd
    from int_rates_carried
    group by
        payer_id,
        line_of_business,
        claim_type,
        term_id,
        hcpcs,
        service_week,
        candidate,
        rate_basis,
        rate_seen
),

counted as (
    select
        *,
        sum(lines) over (
            partition by
                payer_id, line_of_business, claim_type, term_id, hcpcs, candidate,
                rate_basis
        ) as lines_of_all_weeks
    from rates
),

modal as (
    select *
    from counted
    qualify
        row_number() over (
            partition by
                payer_id, line_of_business, claim_type, term_id, hcpcs, service_week
            order by
                lines desc,
                case when candidate = 'term' then 0 else 1 end asc,
                lines_of_all_weeks desc,
                case when rate_basis = 'dollars_per_unit' then 1 else 0 end asc,
                decimals_rank asc,
                allowed_usd desc,
                coalesce(rate_seen, 0) desc,
                rate_basis asc
        ) = 1
),

final as (
    select
        weeks.*,
        coalesce(modal.candidate, 'none') as candidate,
        coalesce(modal.candidate = 'term', false) as is_at_term,
        modal.rate_basis,
        modal.rate_seen,
        modal.lines as modal_lines,
        modal.claims as modal_claims
    from weeks
    left join modal
        on
            weeks.payer_id = modal.payer_id
            and weeks.line_of_business = modal.line_of_business
            and weeks.claim_type = modal.claim_type
            and weeks.term_id = modal.term_id
            and weeks.hcpcs = modal.hcpcs
            and weeks.service_week = modal.service_week
)

select * from final
