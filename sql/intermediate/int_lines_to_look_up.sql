-- what    what decides the price of every line with a term: its term row, code, drug, dates, first answer
-- grain   one row per primary claim line with exactly one term
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_lines_with_term, int_lines_seeking_term, int_claim_lines_with_remit_additions, int_event_lines

with

-- cancelled and ended answers too: a payer prices by what is published on its day; a
-- denial has no price (RULES 8.5)
first_answers as (
    select
        claim_id,
        line_number,
        payer_id,
        coalesce(
            min(case when allowed_usd <> 0 then payment_date end),
            min(payment_date)
        ) as first_paid_date
    from int_event_lines
    where speaks and payer_rank = 'primary'
    group by claim_id, line_number, payer_id
),

final as (
    select
        with_term.claim_id,
        with_term.line_number,
        with_term.payer_id,
        'contract' as candidate,
        with_term.row_id,
        lines.hcpcs,
        -- a package that contradicts the code gives it no price
        case when not lines.is_contradicted then lines.ndc11 end as ndc11,
        lines.drug,
        lines.unit_mg,
        lines.cms_hcpcs,
        lines.drug_cms_unit_mg,
        lines.is_house_code,
        lines.line_of_business,
        lines.claim_type,
        lines.service_date,
        lines.service_through_date,
        first_answers.first_paid_date,
        claim_lines.billed_units as units,
        claim_lines.charge_usd
    from int_lines_with_term as with_term
    inner join int_lines_seeking_term as lines
        on
            with_term.claim_id = lines.claim_id
            and with_term.line_number = lines.line_number
            and with_term.payer_id = lines.payer_id
            and lines.candidate = 1
    inner join int_claim_lines_with_remit_additions as claim_lines
        on
            with_term.claim_id = claim_lines.claim_id
            and with_term.line_number = claim_lines.line_number
            and with_term.payer_id = claim_lines.payer_id
            and claim_lines.payer_rank = 'primary'
    left join first_answers
        on
            with_term.claim_id = first_answers.claim_id
            and with_term.line_number = first_answers.line_number
            and with_term.payer_id = first_answers.payer_id
    where with_term.row_id is not null
)

select * from final
