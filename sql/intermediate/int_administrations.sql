-- what    every administration a site records: one dose, with the milligrams its vials hold
-- grain   one row per administration
-- key     administration_id
-- reads   stg_extract__administrations, stg_ref__drug_packages
-- beware  one whose rows contradict each other is marked and joins no treatment; vial_mg is null unless every row names whole vials (RULES 10.9)

with

digits as (
    select
        *,
        upper(replace(claim_id, ' ', '')) as claim_key,
        case
            when regexp_matches(vial_ndc11, '^[0-9]{4}-[0-9]{4}-[0-9]{2}$')
                then '0' || vial_ndc11
            when regexp_matches(vial_ndc11, '^[0-9]{5}-[0-9]{3}-[0-9]{2}$')
                then substr(vial_ndc11, 1, 6) || '0' || substr(vial_ndc11, 7)
            when regexp_matches(vial_ndc11, '^[0-9]{5}-[0-9]{4}-[0-9]{1}$')
                then substr(vial_ndc11, 1, 11) || '0' || substr(vial_ndc11, 12)
            else vial_ndc11
        end as padded_ndc
    from stg_extract__administrations
),

-- an NDC that is not eleven digits in the end is no package's (RULES 7.1)
rows_told as (
    select
        * exclude (vial_ndc11, padded_ndc),
        replace(padded_ndc, '-', '') as vial_ndc11
    from digits
),

package_drugs as (
    select distinct
        ndc11,
        drug
    from stg_ref__drug_packages
),

-- vials say which drug it is only where all of them say the same
drugs_of_vials as (
    select
        rows_told.administration_id,
        min(package_drugs.drug) as drug
    from rows_told
    inner join package_drugs
        on rows_told.vial_ndc11 = package_drugs.ndc11
    group by rows_told.administration_id
    having count(distinct package_drugs.drug) = 1
),

doses as (
    select
        administration_id,
        min(claim_key) as claim_key,
        min(patient_key) as patient_key,
        min(service_date) as service_date,
        min(drug) as drug,
        min(ordered_mg) as ordered_mg,
        min(administered_mg) as administered_mg,
        min(discarded_mg) as discarded_mg,
        min(discard_reason) as discard_reason,
        min(route) as route,
        min(site) as site,
        min(started_at) as started_at,
        max(stopped_at) as stopped_at,
        min(regimen_day) as regimen_day,
        min(prior_therapies) as prior_therapies,
        -- a row that says no stands before one that says yes
        min(
            case
                when is_rationale_documented then 1
                when not is_rationale_documented then 0
            end
        ) = 1 as is_rationale_documented,
        case when count(distinct service_date) > 1 then 'service_date ' else '' end
        || case when count(distinct drug) > 1 then 'drug ' else '' end
        || case when count(distinct claim_key) > 1 then 'claim_id ' else '' end
        || case when count(distinct patient_key) > 1 then 'patient_id ' else '' end
        || case
            when count(distinct administered_mg) > 1 then 'administered_mg ' else ''
        end
        || case when count(distinct discarded_mg) > 1 then 'discarded_mg ' else '' end
            as told_differently
    from rows_told
    group by administration_id
),

identified as (
    select
        doses.* exclude (drug, told_differently),
        coalesce(doses.drug, drugs_of_vials.drug) as drug,
        replace(trim(doses.told_differently), ' ', ', ') as told_differently
    from doses
    left join drugs_of_vials
        on doses.administration_id = drugs_of_vials.administration_id
),

single_dose_packages as (
    select
        ndc11,
        drug,
        min(billable_mg) as billable_mg
    from stg_ref__drug_packages
    where is_single_dose
    group by ndc11, drug
),

multi_dose_packages as (
    select distinct
        ndc11,
        drug
    from stg_ref__drug_packages
    where not is_single_dose
),

vials as (
    select
        identified.administration_id,
        multi_dose_packages.ndc11 is not null as is_multi_dose,
        case
            when rows_told.vial_count > 0 and rows_told.vial_count % 1 = 0
                then
                    cast(
                        cast(rows_told.vial_count as decimal(19, 0))
                        * single_dose_packages.billable_mg as decimal(28, 9)
                    )
        end as vial_mg
    from identified
    inner join rows_told
        on identified.administration_id = rows_told.administration_id
    left join single_dose_packages
        on
            rows_told.vial_ndc11 = single_dose_packages.ndc11
            and identified.drug = single_dose_packages.drug
    left join multi_dose_packages
        on
            rows_told.vial_ndc11 = multi_dose_packages.ndc11
            and identified.drug = multi_dose_packages.drug
),

vials_opened as (
    select
        administration_id,
        max(case when is_multi_dose then 1 else 0 end) = 1 as has_multi_dose_vial,
        case when count(vial_mg) = count(*) then sum(vial_mg) end as vial_mg
    from vials
    group by administration_id
),

final as (
    select
        identified.* exclude (told_differently),
        cast(vials_opened.vial_mg as decimal(28, 9)) as vial_mg,
        vials_opened.has_multi_dose_vial,
        identified.told_differently <> '' as is_contradictory,
        nullif(identified.told_differently, '') as contradiction
    from identified
    inner join vials_opened
        on identified.administration_id = vials_opened.administration_id
)

select * from final
