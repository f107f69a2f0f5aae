-- what    what the administration records of a treatment add up to: dose, discarded drug, vials
-- grain   one row per treatment with an administration
-- key     claim_id, line_number, payer_id
-- reads   int_administrations_of_treatments, int_administrations, int_treatment_lines
-- beware  a sum is null when one administration does not tell its part; whether a record agrees with the claim is asked later (RULES 10.9)

with

sums as (
    select
        joined.claim_id,
        joined.line_number,
        joined.payer_id,
        count(*) as administrations,
        cast(
            case
                when count(doses.administered_mg) = count(*)
                    then sum(doses.administered_mg)
            end as decimal(28, 9)
        ) as recorded_mg,
        cast(
            case
                when count(doses.discarded_mg) = count(*) then sum(doses.discarded_mg)
            end as decimal(28, 9)
        ) as discarded_mg,
        cast(
            case when count(doses.vial_mg) = count(*) then sum(doses.vial_mg) end
            as decimal(28, 9)
        ) as recorded_vial_mg,
        max(case when doses.has_multi_dose_vial then 1 else 0 end) = 1
            as has_multi_dose_vial
    from int_administrations_of_treatments as joined
    inner join int_administrations as doses
        on joined.administration_id = doses.administration_id
    where joined.claim_id is not null
    group by joined.claim_id, joined.line_number, joined.payer_id
),

with_unit as (
    select
        sums.*,
        heads.unit_mg,
        sums.recorded_mg % heads.unit_mg as beyond_units_mg
    from sums
    inner join int_treatment_lines as heads
        on
            sums.claim_id = heads.claim_id
            and sums.line_number = heads.line_number
            and sums.payer_id = heads.payer_id
),

-- a dose rounds up to units (metrics 6)
final as (
    select
        * exclude (unit_mg, beyond_units_mg),
        cast(
            cast(
                cast(recorded_mg - beyond_units_mg as double) / cast(unit_mg as double)
                as decimal(18, 0)
            ) + case when beyond_units_mg > 0 then 1 else 0 end as decimal(18, 3)
        ) as recorded_administered_units
    from with_unit
)

select * from final
