-- what    practices whose doses from multi-dose vials are always whole vials
-- reads   int_treatment_lines, stg_ref__drug_packages
-- likely  the rest of a multi-dose vial is billed as given, which may not be billed

with

packages as (
    select
        ndc11,
        drug,
        coalesce(package_mg, billable_mg) as vial_mg
    from stg_ref__drug_packages
    where not is_single_dose
),

packages_named as (
    select distinct
        ndc11,
        drug
    from packages
),

multi_dose_only as (
    select drug
    from stg_ref__drug_packages
    group by drug
    having max(case when is_single_dose then 1 else 0 end) = 0
),

lines as (
    select
        lines.*,
        packages_named.ndc11 is not null as names_package
    from int_treatment_lines as lines
    left join multi_dose_only
        on lines.drug = multi_dose_only.drug
    left join packages_named
        on
            lines.ndc11 = packages_named.ndc11
            and lines.drug = packages_named.drug
    where
        not lines.is_waste_line
        and (packages_named.ndc11 is not null or multi_dose_only.drug is not null)
),

doses as (
    select
        treatment_claim_id,
        treatment_line_number,
        payer_id,
        drug,
        min(billing_id) as billing_id,
        min(patient_key) as patient_key,
        min(service_date) as service_date,
        sum(billed_mg) as dose_mg,
        sum(allowed_usd) as allowed_usd
    from lines
    group by treatment_claim_id, treatment_line_number, payer_id, drug
),

-- a line without the NDC of a package may be of any of its drug's
whole_vials as (
    select distinct
        doses.treatment_claim_id,
        doses.treatment_line_number,
        doses.payer_id,
        doses.drug
    from doses
    inner join lines
        on
            doses.treatment_claim_id = lines.treatment_claim_id
            and doses.treatment_line_number = lines.treatment_line_number
            and doses.payer_id = lines.payer_id
            and doses.drug = lines.drug
    inner join packages
        on
            doses.drug = packages.drug
            and (lines.ndc11 = packages.ndc11 or not lines.names_package)
    where doses.dose_mg > 0 and doses.dose_mg % nullif(packages.vial_mg, 0) = 0
),

practices as (
    select
        doses.billing_id,
        doses.payer_id,
        doses.drug,
        count(*) as treatments,
        count(whole_vials.drug) as whole_vial_treatments,
        count(distinct doses.patient_key) as patients,
        cast(sum(doses.allowed_usd) as decimal(18, 2)) as usd
    from doses
    left join whole_vials
        on
            doses.treatment_claim_id = whole_vials.treatment_claim_id
            and doses.treatment_line_number = whole_vials.treatment_line_number
            and doses.payer_id = whole_vials.payer_id
            and doses.drug = whole_vials.drug
    group by doses.billing_id, doses.payer_id, doses.drug
)

select
    billing_id,
    payer_id,
    drug,
    treatments,
    patients,
    usd,
    payer_id || ', ' || drug || ': all ' || cast(treatments as varchar)
    || ' treatments of ' || cast(patients as varchar)
    || ' patients are billed as whole multi-dose vials, $' || cast(usd as varchar)
    || ' allowed. Compare the units with the doses given: the rest of a multi-dose vial'
    || ' may not be billed.' as sentence
from practices
where
    treatments >= 10
    and patients >= 3
    and whole_vial_treatments = treatments
order by usd desc, payer_id asc, drug asc, billing_id asc
