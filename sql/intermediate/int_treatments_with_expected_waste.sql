-- what    the waste a payer that pays for it would owe on each treatment
-- grain   one row per treatment
-- key     claim_id, service_date, drug
-- reads   int_treatments_with_vials, stg_ref__drug_packages, raw_vial_totals
-- beware  dose rounds up to units, waste down; never more than the least-waste set of vials (metrics 6)

with

packages as (
    select
        drug,
        max(case when is_single_dose then 1 else 0 end) = 1 as has_single_dose
    from stg_ref__drug_packages
    group by all
),

-- mg to units of the row's code, three decimals: a double quotient, then corrected
-- by the exact remainder
near_units as (
    select
        treatments.*,
        packages.drug is not null as has_package,
        coalesce(packages.has_single_dose, false)
        and not treatments.has_multi_dose_ndc as has_single_dose,
        cast(
            cast(treatments.administered_mg as double)
            / cast(treatments.unit_mg as double) as decimal(18, 3)
        ) as near_administered,
        cast(
            cast(treatments.waste_mg as double) / cast(treatments.unit_mg as double)
            as decimal(18, 3)
        ) as near_waste,
        treatments.unit_mg * cast(0.001 as decimal(4, 3)) as one_step
    from int_treatments_with_vials as treatments
    left join packages
        on treatments.drug = packages.drug
),

units as (
    select
        *,
        cast(
            near_administered + case
                when
                    (
                        administered_mg
                        - cast(near_administered as decimal(19, 3)) * unit_mg
                    ) * 2 >= one_step
                    then 0.001
                when
                    (
                        administered_mg
                        - cast(near_administered as decimal(19, 3)) * unit_mg
                    ) * 2 < -one_step
                    then -0.001
                else 0
            end as decimal(18, 3)
        ) as administered_units,
        cast(
            near_waste + case
                when
                    (waste_mg - cast(near_waste as decimal(19, 3)) * unit_mg) * 2
                    >= one_step
                    then 0.001
                when
                    (waste_mg - cast(near_waste as decimal(19, 3)) * unit_mg) * 2
                    < -one_step
                    then -0.001
                else 0
            end as decimal(18, 3)
        ) as billed_waste_units
    from near_units
),

doses as (
    select
        *,
        cast(
            cast(administered_units as decimal(19, 3)) * unit_mg as decimal(28, 9)
        ) as dose_mg
    from units
),

least_waste as (
    select
        doses.claim_id,
        doses.service_date,
        doses.drug,
        min(raw_vial_totals.total_mg) as least_waste_mg
    from doses
    inner join raw_vial_totals
        on
            doses.drug = raw_vial_totals.drug
            and doses.dose_mg <= raw_vial_totals.total_mg
    where doses.dose_mg > 0
    group by all
),

payable as (
    select
        doses.*,
        least_waste.least_waste_mg,
        case
            when doses.dose_mg <= 0 or not doses.has_single_dose then null
            when least_waste.least_waste_mg is null then null
            when doses.vial_mg is not null then 'B'
            else 'C'
        end as vial_evidence,
        case
            when doses.dose_mg <= 0 or not doses.has_single_dose then null
            when doses.vial_mg is not null
                then least(doses.vial_mg, least_waste.least_waste_mg)
            else least_waste.least_waste_mg
        end as payable_mg
    from doses
    left join least_waste
        on
            doses.claim_id = least_waste.claim_id
            and doses.service_date = least_waste.service_date
            and doses.drug = least_waste.drug
),

wholes as (
    select
        *,
        cast(
            cast(payable_mg - payable_mg % unit_mg as double)
            / cast(unit_mg as double) as decimal(18, 0)
        ) as payable_vial_units,
        greatest(payable_mg - dose_mg, 0) as payable_waste_mg,
        case
            when vial_evidence = 'B' then greatest(vial_mg - least_waste_mg, 0)
        end as avoidable_mg
    from payable
),

expected as (
    select
        *,
        cast(
            case
                when not has_single_dose then null
                when dose_mg <= 0 then 0
                else
                    greatest(
                        0,
                        least(
                            cast(
                                cast(
                                    payable_waste_mg - payable_waste_mg % unit_mg
                                    as double
                                ) / cast(unit_mg as double) as decimal(18, 0)
                            ),
                            payable_vial_units - ceil(administered_units)
                        )
                    )
            end as decimal(18, 3)
        ) as expected_waste_units,
        cast(
            cast(avoidable_mg - avoidable_mg % unit_mg as double)
            / cast(unit_mg as double) as decimal(18, 3)
        ) as avoidable_units
    from wholes
),

final as (
    select
        *,
        cast(
            case
                when vial_evidence is null and has_single_dose then 0
                when not has_single_dose then null
                else
                    greatest(
                        0,
                        least(
                            expected_waste_units - billed_waste_units,
                            payable_vial_units - administered_units
                            - billed_waste_units
                        )
                    )
            end as decimal(18, 3)
        ) as missed_units
    from expected
)

select * exclude (near_administered, near_waste, one_step) from final
