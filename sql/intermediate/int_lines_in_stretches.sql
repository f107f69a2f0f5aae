-- what    paid lines in the run of weeks they stand in, and whether that run says the contract file is wrong
-- grain   one row per paid line whose term is priced at a rate
-- key     claim_id, line_number, payer_id
-- reads   int_rate_stretches, int_rates_carried, int_rates_paid
-- beware  a file is doubted where three claims or more, and nine lines of ten, are at one rate that is not the term's (RULES 18.2)

with

lines as (
    select
        paid.* exclude (rate_basis),
        coalesce(stretches.rate_basis, paid.rate_basis) as rate_basis,
        stretches.stretch_number,
        stretches.candidate as stretch_candidate,
        stretches.rate_seen,
        carried.claim_id is not null as is_at_stretch_rate
    from int_rates_paid as paid
    inner join int_rate_stretches as stretches
        on
            paid.payer_id = stretches.payer_id
            and paid.line_of_business = stretches.line_of_business
            and paid.claim_type = stretches.claim_type
            and paid.term_id = stretches.term_id
            and paid.hcpcs = stretches.hcpcs
            and paid.service_week = stretches.service_week
    left join int_rates_carried as carried
        on
            paid.claim_id = carried.claim_id
            and paid.line_number = carried.line_number
            and paid.payer_id = carried.payer_id
            and stretches.candidate = carried.candidate
),

doubts as (
    select
        payer_id,
        line_of_business,
        claim_type,
        term_id,
        hcpcs,
        stretch_number
    from lines
    where stretch_candidate not in ('term', 'none')
    group by
        payer_id, line_of_business, claim_type, term_id, hcpcs, stretch_number
    having
        count(distinct claim_id) >= 3
        and count(case when is_at_stretch_rate then 1 end) * 10 >= count(*) * 9
),

final as (
    select
        lines.* exclude (stretch_number, stretch_candidate, rate_seen),
        case when doubts.payer_id is not null then lines.rate_seen end as rate_seen,
        -- what no stretch explains is looked at together, the weeks between apart
        coalesce(doubts.stretch_number, 0) as stretch_number
    from lines
    left join doubts
        on
            lines.payer_id = doubts.payer_id
            and lines.line_of_business = doubts.line_of_business
            and lines.claim_type = doubts.claim_type
            and lines.term_id = doubts.term_id
            and lines.hcpcs = doubts.hcpcs
            and lines.stretch_number = doubts.stretch_number
)

select * from final
