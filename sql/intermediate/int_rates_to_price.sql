-- what    every paid line at each of the rates at which lines of its term and code were paid off the term
-- grain   one row per paid line and rate
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_rates_paid
-- beware  input of int_lines_at_rate; of one term and code at most the twenty rates that most claims name (RULES 18.1)

with

off_term as (
    select
        * exclude (rate_basis),
        rate_basis,
        cast(rate_percent as decimal(18, 4)) as own_rate
    from int_rates_paid
    where not is_at_term and rate_basis <> 'dollars_per_unit'
    union all
    select
        * exclude (rate_basis),
        'dollars_per_unit' as rate_basis,
        rate_per_unit as own_rate
    from int_rates_paid
    where not is_at_term and rate_basis <> 'percent_of_charge'
),

-- a line of few units names a rate roughly: 0.7151 may be 0.715
named as (
    select
        *,
        own_rate as rate_seen,
        2 as roundings
    from off_term
    union all
    select
        *,
        cast(
            case
                when rate_basis = 'dollars_per_unit'
                    then cast(cast(own_rate as decimal(18, 3)) as decimal(18, 4))
                else cast(cast(own_rate as decimal(18, 1)) as decimal(18, 4))
            end as decimal(18, 4)
        ) as rate_seen,
        1 as roundings
    from off_term
    union all
    select
        *,
        cast(
            case
                when rate_basis = 'dollars_per_unit'
                    then cast(cast(own_rate as decimal(18, 2)) as decimal(18, 4))
                else cast(cast(own_rate as decimal(18, 0)) as decimal(18, 4))
            end as decimal(18, 4)
        ) as rate_seen,
        0 as roundings
    from off_term
),

counted as (
    select
        payer_id,
        line_of_business,
        claim_type,
        term_id,
        hcpcs,
        rate_basis,
        rate_seen,
        min(roundings) as decimals_rank,
        count(distinct claim_id) as claims,
        count(*) as lines
    from named
    where rate_seen > 0
    group by
        payer_id,
        line_of_business,
        claim_type,
        term_id,
        hcpcs,
        rate_basis,
        rate_seen
),

candidates as (
    select *
    from counted
    qualify
        row_number() over (
            partition by payer_id, line_of_business, claim_type, term_id, hcpcs
            order by
                claims desc,
                lines desc,
                case when rate_basis = 'dollars_per_unit' then 1 else 0 end asc,
                decimals_rank asc,
                rate_basis asc,
                rate_seen desc
        ) <= 20
),

final as (
    select
        paid.claim_id,
        paid.line_number,
        paid.payer_id,
        candidates.rate_basis || ' ' || cast(candidates.rate_seen as varchar)
            as candidate,
        candidates.rate_basis,
        candidates.rate_seen,
        candidates.decimals_rank,
        case candidates.rate_basis
            when 'percent_of_charge' then 'pct_of_charge'
            when 'percent_of_limit' then 'pct_of_limit'
            else 'fixed'
        end as method,
        cast(candidates.rate_seen as decimal(12, 6)) as rate,
        cast(null as int) as price_decimals,
        'none' as charge_cap,
        cast(null as decimal(18, 2)) as ceiling_usd,
        paid.units,
        paid.charge_usd,
        cast(
            case candidates.rate_basis
                when 'percent_of_limit' then paid.unit_price_usd
                when 'dollars_per_unit' then candidates.rate_seen
            end as decimal(12, 6)
        ) as price_usd,
        cast(null as decimal(12, 6)) as price_mg,
        cast(null as decimal(12, 6)) as unit_mg
    from int_rates_paid as paid
    inner join candidates
        on
            paid.payer_id = candidates.payer_id
            and paid.line_of_business = candidates.line_of_business
            and paid.claim_type = candidates.claim_type
            and paid.term_id = candidates.term_id
            and paid.hcpcs = candidates.hcpcs
            and (
                paid.rate_basis = candidates.rate_basis
                or (
                    paid.rate_basis = 'percent_of_limit'
                    and candidates.rate_basis = 'dollars_per_unit'
                )
            )
)

select * from final
