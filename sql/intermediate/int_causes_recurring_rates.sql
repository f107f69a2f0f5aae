-- what    the implied rate that three or more claims of one payer, code and quarter share
-- grain   one row per line left that has such a rate
-- key     claim_id, line_number, payer_id
-- reads   int_causes_lines_left, int_causes_rates_at_rate, int_causes_rates_to_price
-- beware  the term's own kind first: a percent of its limit or of the charge, then dollars a unit; of the dollars the fewest decimals that fit (RULES 16.9)

with

fitting as (
    select
        asked.claim_id,
        asked.line_number,
        asked.payer_id,
        asked.rate,
        lines.hcpcs,
        cast(year(lines.service_date) as varchar) || 'Q'
        || cast(quarter(lines.service_date) as varchar) as service_quarter,
        case asked.place
            when 1 then 'percent of the limit'
            when 5 then 'percent of the charge'
            else 'dollars a unit'
        end as kind,
        asked.place
    from int_causes_rates_to_price as asked
    inner join int_causes_rates_at_rate as amounts
        on
            asked.claim_id = amounts.claim_id
            and asked.line_number = amounts.line_number
            and asked.payer_id = amounts.payer_id
            and asked.candidate = amounts.candidate
    inner join int_causes_lines_left as lines
        on
            asked.claim_id = lines.claim_id
            and asked.line_number = lines.line_number
            and asked.payer_id = lines.payer_id
    where abs(amounts.amount_usd - lines.allowed_usd) <= 0.01
),

one_of_a_kind as (
    select *
    from fitting
    qualify
        row_number() over (
            partition by claim_id, line_number, payer_id, kind
            order by place
        ) = 1
),

shared as (
    select
        payer_id,
        hcpcs,
        service_quarter,
        kind,
        rate,
        cast(count(distinct claim_id) as bigint) as claims
    from one_of_a_kind
    group by payer_id, hcpcs, service_quarter, kind, rate
    having count(distinct claim_id) >= 3
),

final as (
    select
        one_of_a_kind.claim_id,
        one_of_a_kind.line_number,
        one_of_a_kind.payer_id,
        one_of_a_kind.kind,
        one_of_a_kind.rate,
        one_of_a_kind.service_quarter,
        shared.claims
    from one_of_a_kind
    inner join shared
        on
            one_of_a_kind.payer_id = shared.payer_id
            and coalesce(one_of_a_kind.hcpcs, '') = coalesce(shared.hcpcs, '')
            and one_of_a_kind.service_quarter = shared.service_quarter
            and one_of_a_kind.kind = shared.kind
            and one_of_a_kind.rate = shared.rate
    qualify
        row_number() over (
            partition by
                one_of_a_kind.claim_id,
                one_of_a_kind.line_number,
                one_of_a_kind.payer_id
            order by
                case when one_of_a_kind.kind = 'dollars a unit' then 1 else 0 end asc,
                one_of_a_kind.place asc
        ) = 1
)

select * from final
