-- what    the units each deciding answer says it paid, in units of the billed code
-- grain   one row per claim line, payer and rank with a live answer
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_lines_answered_first_and_last, int_claim_lines_with_remit_additions, int_remit_lines_placed, stg_835__remit_lines, stg_ref__drug_codes, stg_ref__house_codes
-- beware  told is not yet believed: int_paid_units_on_evidence says what is kept (RULES 9.8)

with

told as (
    select
        answers.claim_id,
        answers.line_number,
        answers.payer_id,
        answers.payer_rank,
        answers.stated_paid_units,
        answers.original_units,
        answers.stated_cut_units,
        claim_lines.hcpcs,
        claim_lines.service_date,
        claim_lines.billed_units,
        lines.hcpcs as remit_hcpcs,
        lines.paid_units,
        lines.original_units as told_original_units,
        coalesce(lines.hcpcs, '') <> coalesce(claim_lines.hcpcs, '') as is_other_code
    from int_lines_answered_first_and_last as answers
    inner join int_claim_lines_with_remit_additions as claim_lines
        on
            answers.claim_id = claim_lines.claim_id
            and answers.line_number = claim_lines.line_number
            and answers.payer_id = claim_lines.payer_id
            and answers.payer_rank = claim_lines.payer_rank
    inner join int_remit_lines_placed as placed
        on
            answers.remit_claim_id = placed.remit_claim_id
            and answers.line_number = placed.line_number
    inner join stg_835__remit_lines as lines
        on
            placed.remit_claim_id = lines.remit_claim_id
            and placed.remit_line_number = lines.remit_line_number
    where answers.stage = 'final'
),

codes as (
    select
        hcpcs,
        service_date
    from told
    where is_other_code
    union
    select
        remit_hcpcs as hcpcs,
        service_date
    from told
    where is_other_code
),

meanings as (
    select
        codes.hcpcs,
        codes.service_date,
        1 as distance,
        meant.drug,
        meant.unit_mg,
        meant.effective_from,
        meant.row_id
    from codes
    inner join stg_ref__house_codes as meant
        on
            codes.hcpcs = meant.hcpcs
            and codes.service_date >= meant.effective_from
            and codes.service_date <= meant.effective_through
    union all
    select
        codes.hcpcs,
        codes.service_date,
        case when meant.is_shipped then 3 else 2 end as distance,
        meant.drug,
        meant.unit_mg,
        meant.effective_from,
        meant.row_id
    from codes
    inner join stg_ref__drug_codes as meant
        on
            codes.hcpcs = meant.hcpcs
            and codes.service_date >= meant.effective_from
            and codes.service_date <= meant.effective_through
),

milligrams as (
    select
        hcpcs,
        service_date,
        drug,
        unit_mg
    from meanings
    qualify
        row_number() over (
            partition by hcpcs, service_date
            order by distance asc, effective_from desc, row_id asc
        ) = 1
),

-- units x milligrams told / milligrams billed, to three decimals: a double quotient,
-- then corrected by the exact remainder; milligrams of another drug say nothing of it
near_units as (
    select
        told.*,
        billed.unit_mg as billed_unit_mg,
        cast(
            cast(told.paid_units as decimal(19, 3)) * answered.unit_mg
            as decimal(38, 9)
        ) as told_mg,
        cast(
            cast(cast(told.paid_units as decimal(19, 3)) * answered.unit_mg as double)
            / nullif(cast(billed.unit_mg as double), 0) as decimal(18, 3)
        ) as near_units
    from told
    left join milligrams as billed
        on
            told.hcpcs = billed.hcpcs
            and told.service_date = billed.service_date
    left join milligrams as answered
        on
            told.remit_hcpcs = answered.hcpcs
            and told.service_date = answered.service_date
            and billed.drug = answered.drug
),

converted as (
    select
        *,
        cast(
            near_units + case
                when
                    (
                        told_mg - cast(near_units as decimal(19, 3)) * billed_unit_mg
                    ) * 2
                    >= billed_unit_mg * cast(0.001 as decimal(4, 3))
                    then 0.001
                when
                    (
                        told_mg - cast(near_units as decimal(19, 3)) * billed_unit_mg
                    ) * 2
                    < -billed_unit_mg * cast(0.001 as decimal(4, 3))
                    then -0.001
                else 0
            end as decimal(18, 3)
        ) as converted_units
    from near_units
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        max(case when is_other_code then 1 else 0 end) = 1 as is_other_code,
        max(billed_units) as billed_units,
        max(original_units) as original_units,
        max(stated_cut_units) as stated_cut_units,
        cast(
            case
                when max(case when is_other_code then 1 else 0 end) = 0
                    then max(stated_paid_units)
                when count(converted_units) = count(*) then sum(converted_units)
            end as decimal(18, 3)
        ) as told_units,
        coalesce(
            count(told_original_units) = count(*)
            and sum(told_original_units) = max(billed_units), false
        ) as is_all_answered,
        coalesce(
            sum(told_mg) = max(
                cast(billed_units as decimal(19, 3)) * billed_unit_mg
            ), false
        ) as is_billed_mg
    from converted
    group by claim_id, line_number, payer_id, payer_rank
)

select * from final
