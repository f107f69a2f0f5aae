-- what    the rate that most lines of a term and code carry, week by week of service
-- grain   one row per payer, line of business, claim type, term, code and week with a rate that lines carry
-- key     payer_id, line_of_business, claim_type, term_id, hcpcs, service_week
-- reads   int_rates_carried
-- beware  a tie goes to the term's own rate, then to the rate more lines of all weeks carry, the rounder, the one with more dollars, the larger (RULES 18.1)

with

weeks as (
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
    from weeks
),

final as (
    select
        payer_id,
        line_of_business,
        claim_type,
        term_id,
        hcpcs,
        service_week,
        candidate,
        candidate = 'term' as is_at_term,
        rate_basis,
        rate_seen,
        lines as modal_lines,
        claims as modal_claims
    from counted
    qualify
        row_number() over (
            partition by
                payer_id, line_of_business, claim_type, term_id, hcpcs, service_week
            order by
                lines desc,
                case when candidate = 'term' then 0 else 1 end asc,
                lines_of_all_weeks desc,
                decimals_rank asc,
                allowed_usd desc,
                coalesce(rate_seen, 0) desc,
                rate_basis asc
        ) = 1
)

select * from final
