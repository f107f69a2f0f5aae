-- what    short and overpaid lines as the payer coded them: the remit's code, its drug and its units
-- grain   one row per short or overpaid line whose remit names another code
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_causes_codes_answered, int_causes_codes_by_date, stg_ref__drug_codes
-- beware  a code's milligrams are the house code's in force, else CMS's; the NDC stays the line's; milligrams of another drug say nothing of its units (RULES 16.4)

with

identified as (
    select
        lines.*,
        codes.house_drug is not null as is_house_code,
        coalesce(codes.house_drug, codes.cms_drug) as drug,
        case
            when codes.house_drug is not null then codes.house_unit_mg
            else codes.cms_unit_mg
        end as unit_mg
    from int_causes_codes_answered as lines
    left join int_causes_codes_by_date as codes
        on
            lines.hcpcs = codes.hcpcs
            and lines.service_date = codes.service_date
),

cms_codes_of_drugs as (
    select
        identified.claim_id,
        identified.line_number,
        identified.payer_id,
        codes.hcpcs as cms_hcpcs,
        codes.unit_mg as drug_cms_unit_mg
    from identified
    inner join stg_ref__drug_codes as codes
        on
            identified.drug = codes.drug
            and not codes.is_unlisted
            and identified.service_date >= codes.effective_from
            and identified.service_date <= codes.effective_through
    qualify
        row_number() over (
            partition by
                identified.claim_id, identified.line_number, identified.payer_id
            order by codes.hcpcs, codes.row_id
        ) = 1
),

-- the milligrams billed in units of the remit's code, where both are of one drug, to
-- three decimals: a double quotient, then corrected by the exact remainder
near_units as (
    select
        *,
        cast(
            cast(billed_units as decimal(19, 3)) * billed_unit_mg as decimal(38, 9)
        ) as billed_mg,
        cast(
            cast(
                cast(billed_units as decimal(19, 3)) * billed_unit_mg as double
            ) / nullif(
                cast(case when drug = billed_drug then unit_mg end as double), 0
            ) as decimal(18, 3)
        ) as near_units
    from identified
),

final as (
    select
        near_units.claim_id,
        near_units.line_number,
        near_units.payer_id,
        1 as candidate,
        near_units.line_of_business,
        cast(null as varchar) as remit_filing_code,
        cast(null as varchar) as claim_filing_code,
        near_units.hcpcs,
        near_units.claim_type,
        near_units.billing_npi,
        near_units.billing_tax_id,
        near_units.service_date,
        near_units.service_through_date,
        near_units.first_paid_date,
        near_units.ndc11,
        near_units.drug,
        near_units.unit_mg,
        near_units.is_house_code,
        false as is_contradicted,
        cms_codes_of_drugs.cms_hcpcs,
        cms_codes_of_drugs.drug_cms_unit_mg,
        near_units.charge_usd,
        coalesce(
            near_units.stated_paid_units,
            cast(
                near_units.near_units + case
                    when
                        (
                            near_units.billed_mg
                            - cast(near_units.near_units as decimal(19, 3))
                            * near_units.unit_mg
                        ) * 2
                        >= near_units.unit_mg * cast(0.001 as decimal(4, 3))
                        then 0.001
                    when
                        (
                            near_units.billed_mg
                            - cast(near_units.near_units as decimal(19, 3))
                            * near_units.unit_mg
                        ) * 2
                        < -near_units.unit_mg * cast(0.001 as decimal(4, 3))
                        then -0.001
                    else 0
                end as decimal(18, 3)
            ),
            near_units.billed_units
        ) as units
    from near_units
    left join cms_codes_of_drugs
        on
            near_units.claim_id = cms_codes_of_drugs.claim_id
            and near_units.line_number = cms_codes_of_drugs.line_number
            and near_units.payer_id = cms_codes_of_drugs.payer_id
)

select * from final
