-- what    lines, claims and dollars of every stretch of a term and code, and the verdict on it
-- grain   one row per payer, line of business, claim type, term, code and stretch of weeks; the weeks no stretch explains are one row
-- key     payer_id, line_of_business, claim_type, term_id, hcpcs, first_week
-- reads   int_lines_in_stretches, int_stretches_at_other_rows
-- beware  short and over are never netted; between_usd is both together (RULES 18.2)

with

said as (
    select
        *,
        case rate_basis
            when 'percent_of_limit' then seen_text || '% of the CMS limit'
            when 'percent_of_charge' then seen_text || '% of the charge'
            else '$' || seen_text || ' a unit'
        end as paid_says
    from (
        select
            *,
            regexp_replace(cast(rate_seen as varchar), '[.]?0+$', '') as seen_text
        from int_lines_in_stretches
    ) as trimmed
),

-- a term that was amended within a stretch says what it said last
latest as (
    select
        *,
        row_number() over (
            partition by
                payer_id, line_of_business, claim_type, term_id, hcpcs, stretch_number
            order by service_date desc, term_says desc, claim_id desc, line_number desc
        ) as place
    from said
),

stretches as (
    select
        payer_id,
        line_of_business,
        claim_type,
        term_id,
        hcpcs,
        stretch_number,
        min(payer_name) as payer_name,
        min(service_week) as first_week,
        max(service_week) as last_week,
        count(*) as lines,
        count(distinct claim_id) as claims,
        count(case when not is_at_term then 1 end) as lines_off_term,
        count(distinct case when not is_at_term then claim_id end) as claims_off_term,
        count(case when stretch_number > 0 and is_at_stretch_rate then 1 end)
            as lines_at_rate,
        max(case when place = 1 then term_says end) as term_says,
        max(case when place = 1 and stretch_number > 0 then rate_basis end)
            as rate_basis,
        max(case when place = 1 then rate_seen end) as rate_seen,
        max(case when place = 1 then paid_says end) as paid_says,
        cast(sum(expected_allowed_usd) as decimal(18, 2)) as expected_allowed_usd,
        cast(sum(allowed_usd) as decimal(18, 2)) as allowed_usd,
        cast(sum(shortfall_usd) as decimal(18, 2)) as shortfall_usd,
        cast(sum(overpaid_usd) as decimal(18, 2)) as overpaid_usd
    from latest
    group by
        payer_id, line_of_business, claim_type, term_id, hcpcs, stretch_number
),

final as (
    select
        stretches.* exclude (stretch_number),
        other_rows.other_row_says,
        cast(
            stretches.shortfall_usd + stretches.overpaid_usd as decimal(18, 2)
        ) as between_usd,
        case
            when other_rows.other_row_says is not null then 'payer_uses_another_row'
            when stretches.stretch_number > 0 then 'look_at_contract_file'
            when stretches.claims_off_term >= 3 then 'payer_varies'
            when stretches.lines_off_term * 2 > stretches.lines then 'too_few_claims'
            else 'agrees'
        end as verdict
    from stretches
    left join int_stretches_at_other_rows as other_rows
        on
            stretches.payer_id = other_rows.payer_id
            and stretches.line_of_business = other_rows.line_of_business
            and stretches.claim_type = other_rows.claim_type
            and stretches.term_id = other_rows.term_id
            and stretches.hcpcs = other_rows.hcpcs
            and stretches.stretch_number = other_rows.stretch_number
)

select * from final
