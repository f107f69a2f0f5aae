-- what    what a payer really uses: the rate most lines were allowed at, week by week, beside the term on file
-- grain   one row per payer, line of business, claim type, term, code and week of service
-- key     payer_id, line_of_business, claim_type, term_id, hcpcs, service_week
-- reads   int_rates_by_week, int_rates_paid
-- beware  paid lines at a rate only; a week begins on Monday; rate_basis says whether a rate is dollars a unit or a percent

with

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
        weeks.* exclude (candidate, modal_lines, modal_claims),
        weeks.modal_lines as rate_lines,
        weeks.modal_claims as rate_claims,
        dollars_per_unit.rate_per_unit,
        dollars_per_unit.lines as rate_per_unit_lines,
        dollars_per_unit.claims as rate_per_unit_claims
    from int_rates_by_week as weeks
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
