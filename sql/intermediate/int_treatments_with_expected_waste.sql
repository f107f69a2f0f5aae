-- what    the waste a payer that pays for it would owe on each treatment
-- grain   one row per treatment
-- key     claim_id, service_date, drug
-- reads   int_treatments_with_vials, int_treatments_recorded, stg_ref__drug_packages, raw_vial_totals
-- beware  dose rounds up to units, waste down; never more than the least-waste set of vials (metrics 6); a record that does not agree with the claim never stands for it (RULES 10.9)

with

packages as (
    select
        drug,
        max(case when is_single_dose then 1 else 0 end) = 1 as has_single_dose,
        max(case when package_mg > billable_mg then 1 else 0 end) = 1 as has_overfill
    from stg_ref__drug_packages
    group by drug
),

-- mg to units of the row's code, three decimals: a double quotient, then corrected
-- by the exact remainder
near_units as (
    select
        treatments.*,
        packages.drug is not null as has_package,
        coalesce(packages.has_overfill, false) as has_overfill,
        treatments.administered_lines > 0
        and (
            treatments.pricing_basis like 'not priced: packaged under OPPS%'
            or treatments.pricing_basis like 'not priced: not paid under OPPS%'
            or treatments.pricing_basis like 'not priced: type of bill %'
        ) as is_not_paid_apart,
        treatments.has_multi_dose_ndc
        or coalesce(recorded.has_multi_dose_vial, false) as has_multi_dose_package,
        coalesce(packages.has_single_dose, false) as has_single_dose_package,
        recorded.recorded_mg,
        recorded.recorded_vial_mg,
        recorded.recorded_administered_units,
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
    left join int_treatments_recorded as recorded
        on
            treatments.claim_id = recorded.claim_id
            and treatments.line_number = recorded.line_number
            and treatments.payer_id = recorded.payer_id
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

-- whole vials may stand on one line, dose and waste together
agreed as (
    select
        *,
        has_single_dose_package
        and not has_multi_dose_package
        and not is_not_paid_apart as has_single_dose,
        coalesce(
            administered_units = recorded_administered_units
            or administered_units = cast(
                cast(recorded_vial_mg - recorded_vial_mg % unit_mg as double)
                / cast(unit_mg as double) as decimal(18, 0)
            ),
            false
        ) as is_record_of_claim
    from units
),

evidence as (
    select
        *,
        recorded_administered_units is not null and not is_record_of_claim
            as is_record_in_doubt,
        case
            when administered_mg <= 0 then null
            when
                is_record_of_claim
                and recorded_mg > 0
                and recorded_vial_mg >= recorded_mg
                then 'A'
            when vial_mg is not null then 'B'
            else 'C'
        end as known_evidence
    from agreed
),

doses as (
    select
        * exclude (vial_mg),
        case known_evidence when 'A' then recorded_vial_mg else vial_mg end as vial_mg,
        case
            when known_evidence = 'A' then recorded_administered_units
            else cast(ceil(administered_units) as decimal(18, 3))
        end as dose_units,
        cast(
            case
                when known_evidence = 'A' then recorded_mg
                else cast(administered_units as decimal(19, 3)) * unit_mg
            end as decimal(28, 9)
        ) as dose_mg
    from evidence
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

compared as (
    select
        doses.*,
        least_waste.least_waste_mg,
        case
            when doses.dose_mg <= 0 or not doses.has_single_dose then null
            when least_waste.least_waste_mg is null then null
            else doses.known_evidence
        end as vial_evidence
    from doses
    left join least_waste
        on
            doses.claim_id = least_waste.claim_id
            and doses.service_date = least_waste.service_date
            and doses.drug = least_waste.drug
),

payable as (
    select
        *,
        case
            when vial_evidence in ('A', 'B') then least(vial_mg, least_waste_mg)
            when vial_evidence = 'C' then least_waste_mg
        end as payable_mg
    from compared
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
            when vial_evidence in ('A', 'B')
                then greatest(vial_mg - least_waste_mg, 0)
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
                            payable_vial_units - dose_units
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

select
    * exclude (
        near_administered, near_waste, one_step, known_evidence, is_record_of_claim
    )
from final
