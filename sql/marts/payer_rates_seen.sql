-- what    what a payer really uses: the rate most lines were allowed at, week by week, beside the term on file
-- grain   one row per payer, line of business, claim type, term, code and week of service
-- key     payer_id, line_of_business, claim_type, term_id, hcpcs, service_week
-- reads   int_rates_by_week, int_rates_paid
-- beware  paid lines at a rate only; a week begins on Monday; rate_basis says whether a rate is dollars a unit or a percent

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

-- the dollars a unit that stand on most lines, as they were paid
dollars_per_unit as (
    select
        payer_id,
        line_of_business,
        claim_type,
        term_id,
        hcpcs,
        service_week,
        rate_per_unit,
        count(*) as lines,
        count(distinct claim_id) as claims
    from int_rates_paid
    where rate_per_unit is not null
    group by
        payer_id,
        line_of_business,
        claim_type,
        term_id,
        hcpcs,
        service_week,
        rate_per_unit
    qualify
        row_number() over (
            partition by
                payer_id, line_of_business, claim_type, term_id, hcpcs, service_week
            order by count(*) desc, sum(allowed_usd) desc, rate_per_unit desc
        ) = 1
),

final as (
    select
        weeks.*,
        coalesce(modal.is_at_term, false) as is_at_term,
        modal.rate_basis,
        modal.rate_seen,
        modal.modal_lines as rate_lines,
        modal.modal_claims as rate_claims,
        dollars_per_unit.rate_per_unit,
        dollars_per_unit.lines as rate_per_unit_lines,
        dollars_per_unit.claims as rate_per_unit_claims
    from weeks
    left join int_rates_by_week as modal
        on
            weeks.payer_id = modal.payer_id
            and weeks.line_of_business = modal.line_of_business
            and weeks.claim_type = modal.claim_type
            and weeks.term_id = modal.term_id
            and weeks.hcpcs = modal.hcpcs
            and weeks.service_week = modal.service_week
    left join dollars_per_unit
        on
            weeks.payer_id = dollars_per_unit.payer_id
            and weeks.line_of_business = dollars_per_unit.line_of_business
            and weeks.claim_type = dollars_per_unit.claim_type
            and weeks.term_id = dollars_per_unit.term_id
            and weeks.hcpcs = dollars_per_unit.hcpcs
            and weeks.service_week = dollars_per_unit.service_week
)

select * from final
