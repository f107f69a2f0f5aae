-- what    what a treatment billed and the vials its NDC quantities prove
-- grain   one row per treatment
-- key     claim_id, service_date, drug
-- reads   int_treatment_lines, stg_ref__drug_packages
-- beware  vial_mg is null where the quantities are no proof of whole vials (RULES 10.4)

with

packages as (
    select
        ndc11,
        drug,
        min(billable_mg) as billable_mg,
        min(package_quantity) as package_quantity,
        min(quantity_unit) as quantity_unit
    from stg_ref__drug_packages
    where is_single_dose
    group by all
),

multi_dose_packages as (
    select distinct
        ndc11,
        drug
    from stg_ref__drug_packages
    where not is_single_dose
),

lines as (
    select
        int_treatment_lines.*,
        packages.billable_mg,
        multi_dose_packages.ndc11 is not null as is_multi_dose,
        case
            -- units copied into the NDC quantity prove no vials
            when
                int_treatment_lines.ndc_quantity = int_treatment_lines.billed_units
                and int_treatment_lines.unit_mg <> packages.billable_mg
                then null
            when
                packages.package_quantity > 0
                and int_treatment_lines.ndc_quantity > 0
                and upper(int_treatment_lines.ndc_unit) = packages.quantity_unit
                and int_treatment_lines.ndc_quantity % packages.package_quantity = 0
                then
                    cast(
                        cast(
                            cast(int_treatment_lines.ndc_quantity as double)
                            / cast(packages.package_quantity as double)
                            as decimal(18, 0)
                        ) * packages.billable_mg as decimal(28, 9)
                    )
            -- UN counts the vials of a package that is measured in ML
            when
                packages.quantity_unit = 'ML'
                and upper(int_treatment_lines.ndc_unit) = 'UN'
                and int_treatment_lines.ndc_quantity > 0
                and int_treatment_lines.ndc_quantity % 1 = 0
                then
                    cast(
                        cast(int_treatment_lines.ndc_quantity as decimal(19, 0))
                        * packages.billable_mg as decimal(28, 9)
                    )
        end as line_vial_mg
    from int_treatment_lines
    left join packages
        on
            int_treatment_lines.ndc11 = packages.ndc11
            and int_treatment_lines.drug = packages.drug
    left join multi_dose_packages
        on
            int_treatment_lines.ndc11 = multi_dose_packages.ndc11
            and int_treatment_lines.drug = multi_dose_packages.drug
),

heads as (
    select * from lines
    where place = 1
),

sums as (
    select
        patient_or_claim,
        billing_id,
        service_date,
        drug,
        array_to_string(list_sort(list_distinct(list(claim_id))), ' ') as claim_ids,
        sum(case when is_waste_line then 0 else billed_mg end) as administered_mg,
        sum(case when is_waste_line then billed_mg else 0 end) as waste_mg,
        count(case when not is_waste_line then 1 end) as administered_lines,
        count(case when is_waste_line then 1 end) as waste_lines,
        count(case when not is_waste_line then line_vial_mg end)
            as administered_lines_with_vials,
        coalesce(sum(case when not is_waste_line then line_vial_mg end), 0)
            as administered_vial_mg,
        coalesce(sum(case when is_waste_line then line_vial_mg end), 0)
            as waste_vial_mg,
        min(case when line_vial_mg is not null then billable_mg end)
            as smallest_vial_mg,
        max(case when is_multi_dose then 1 else 0 end) = 1 as has_multi_dose_ndc,
        max(case when has_jz then 1 else 0 end) = 1 as has_jz,
        max(case when has_jz and is_waste_line then 1 else 0 end) = 1 as has_jw_and_jz,
        max(
            case
                when
                    is_waste_line
                    and outcome in ('denied', 'zero_no_reason', 'bundled')
                    then 1
                else 0
            end
        ) = 1 as has_denied_waste,
        cast(
            coalesce(sum(case when is_waste_line then refused_usd end), 0)
            as decimal(18, 2)
        ) as denied_usd,
        cast(
            coalesce(sum(case when is_waste_line then shortfall_usd end), 0)
            as decimal(18, 2)
        ) as short_paid_usd
    from lines
    group by patient_or_claim, billing_id, service_date, drug
),

final as (
    select
        heads.claim_id,
        heads.line_number,
        heads.payer_id,
        heads.patient_key,
        heads.billing_id,
        heads.service_date,
        heads.drug,
        heads.hcpcs,
        heads.unit_mg,
        heads.unit_price_usd,
        heads.percent_fraction,
        heads.method,
        heads.is_priced_at_rate,
        heads.pricing_basis,
        sums.* exclude (patient_or_claim, billing_id, service_date, drug),
        case
            when
                sums.administered_lines = 0
                or sums.administered_lines_with_vials < sums.administered_lines
                then null
            when
                sums.administered_vial_mg + sums.waste_vial_mg
                >= sums.administered_mg + sums.waste_mg
                and sums.administered_vial_mg + sums.waste_vial_mg
                - sums.administered_mg - sums.waste_mg < sums.smallest_vial_mg
                then sums.administered_vial_mg + sums.waste_vial_mg
            when
                greatest(sums.administered_vial_mg, sums.waste_vial_mg)
                < sums.administered_mg
                then null
            else greatest(sums.administered_vial_mg, sums.waste_vial_mg)
        end as vial_mg
    from heads
    inner join sums
        on
            heads.patient_or_claim = sums.patient_or_claim
            and heads.billing_id is not distinct from sums.billing_id
            and heads.service_date is not distinct from sums.service_date
            and heads.drug = sums.drug
)

select * from final
