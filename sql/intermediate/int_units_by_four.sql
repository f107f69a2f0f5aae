-- what    doses that are exactly four times, or a quarter of, the patient's dose of another day or what the vials hold
-- grain   one row per administered drug line of such a treatment
-- key     claim_id, line_number, payer_id
-- reads   int_treatment_lines, int_treatments_with_vials
-- beware  a milligram billed in quarter milligrams or the other way round; nobody knows yet which of two days is right (RULES 19.1)

with

days as (
    select
        patient_key,
        drug,
        service_date,
        sum(billed_mg) as day_mg
    from int_treatment_lines
    where patient_key is not null and not is_waste_line
    group by patient_key, drug, service_date
),

neighbours as (
    select
        *,
        lag(service_date) over (
            partition by patient_key, drug
            order by service_date
        ) as earlier_date,
        lag(day_mg) over (
            partition by patient_key, drug
            order by service_date
        ) as earlier_mg,
        lead(service_date) over (
            partition by patient_key, drug
            order by service_date
        ) as later_date,
        lead(day_mg) over (
            partition by patient_key, drug
            order by service_date
        ) as later_mg
    from days
),

-- of two days as near the earlier one
nearest as (
    select
        *,
        case
            when earlier_date is null then later_date
            when later_date is null then earlier_date
            when
                datediff('day', earlier_date, service_date)
                <= datediff('day', service_date, later_date)
                then earlier_date
            else later_date
        end as other_date,
        case
            when earlier_date is null then later_mg
            when later_date is null then earlier_mg
            when
                datediff('day', earlier_date, service_date)
                <= datediff('day', service_date, later_date)
                then earlier_mg
            else later_mg
        end as other_mg
    from neighbours
),

by_days as (
    select
        patient_key,
        drug,
        service_date,
        case
            when day_mg = other_mg * 4 then 'four times the '
            else 'a quarter of the '
        end
        || regexp_replace(cast(other_mg as varchar), '[.]?0+$', '')
        || ' mg of ' || cast(other_date as varchar) as finding_detail
    from nearest
    -- nothing given is no multiple of nothing
    where other_mg > 0 and (day_mg = other_mg * 4 or other_mg = day_mg * 4)
),

vials as (
    select
        heads.patient_or_claim,
        treatments.billing_id,
        treatments.service_date,
        treatments.drug,
        treatments.administered_mg,
        treatments.administered_mg + treatments.waste_mg as treatment_mg,
        treatments.administered_vial_mg
    from int_treatments_with_vials as treatments
    inner join int_treatment_lines as heads
        on
            treatments.claim_id = heads.claim_id
            and treatments.line_number = heads.line_number
            and treatments.payer_id = heads.payer_id
    where
        treatments.administered_lines > 0
        and treatments.administered_lines_with_vials = treatments.administered_lines
),

by_vials as (
    select
        *,
        case
            when
                administered_mg = administered_vial_mg * 4
                or treatment_mg = administered_vial_mg * 4
                then 'four times the '
            else 'a quarter of the '
        end
        || regexp_replace(cast(administered_vial_mg as varchar), '[.]?0+$', '')
        || ' mg its vials hold' as finding_detail
    from vials
    where
        administered_mg = administered_vial_mg * 4
        or treatment_mg = administered_vial_mg * 4
        or administered_vial_mg = administered_mg * 4
        or administered_vial_mg = treatment_mg * 4
),

final as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        coalesce(by_vials.finding_detail, by_days.finding_detail) as finding_detail
    from int_treatment_lines as lines
    left join by_days
        on
            lines.patient_key = by_days.patient_key
            and lines.drug = by_days.drug
            and lines.service_date = by_days.service_date
    left join by_vials
        on
            lines.patient_or_claim = by_vials.patient_or_claim
            and lines.billing_id is not distinct from by_vials.billing_id
            and lines.drug = by_vials.drug
            and lines.service_date = by_vials.service_date
    where
        not lines.is_waste_line
        and coalesce(by_vials.finding_detail, by_days.finding_detail) is not null
)

select * from final
