-- what    drug lines whose code is in question, and what the question is
-- grain   one row per drug line, payer and rank with a finding
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_drug_lines_identified, int_wrong_neighbours, int_units_by_four
-- beware  a line has the first finding that applies; none moves a dollar (RULES 19.1)

with

found as (
    select
        drug_lines.*,
        case
            when neighbours.claim_id is not null then 'wrong_neighbour'
            when drug_lines.identity_basis = 'ndc_contradicts_code'
                then drug_lines.identity_basis
            when by_four.claim_id is not null then 'units_by_four'
            when drug_lines.identity_basis = 'house_code'
                then drug_lines.identity_basis
        end as finding,
        case
            when neighbours.claim_id is not null then neighbours.finding_detail
            when drug_lines.identity_basis <> 'ndc_contradicts_code'
                then by_four.finding_detail
        end as finding_detail
    from int_drug_lines_identified as drug_lines
    left join int_wrong_neighbours as neighbours
        on
            drug_lines.claim_id = neighbours.claim_id
            and drug_lines.line_number = neighbours.line_number
            and drug_lines.payer_id = neighbours.payer_id
            and drug_lines.payer_rank = neighbours.payer_rank
    left join int_units_by_four as by_four
        on
            drug_lines.claim_id = by_four.claim_id
            and drug_lines.line_number = by_four.line_number
            and drug_lines.payer_id = by_four.payer_id
            and drug_lines.payer_rank = 'primary'
),

final as (
    select *
    from found
    where finding is not null
)

select * from final
