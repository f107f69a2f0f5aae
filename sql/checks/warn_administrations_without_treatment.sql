-- what    administrations on record that no treatment billed on a claim answers to, and the claim to look at first
-- reads   int_administrations_of_treatments, int_administrations, drug_line_outcomes, int_submissions_chained_to_claims, int_remit_events_in_order, stg_835__remit_claims, raw_site
-- likely  a record with another drug, day or claim number than the claim; else a dose that was given and never billed

with

doses as (
    select
        joined.administration_id,
        joined.left_out_because,
        doses.claim_key,
        doses.patient_key,
        doses.service_date,
        doses.drug,
        doses.administered_mg
    from int_administrations_of_treatments as joined
    inner join int_administrations as doses
        on joined.administration_id = doses.administration_id
    cross join raw_site
    where
        joined.claim_id is null
        and not doses.is_contradictory
        and doses.service_date <= raw_site.as_of
),

lines as (
    select
        claim_id,
        upper(replace(claim_id, ' ', '')) as claim_key,
        line_number,
        patient_key,
        service_date,
        hcpcs,
        drug,
        outcome
    from drug_line_outcomes
),

-- a claim is named by its account number too, and a patient by the remits that answer it
other_names as (
    select
        claim_id,
        upper(replace(claim_number, ' ', '')) as claim_key,
        cast(null as varchar) as patient_key
    from int_submissions_chained_to_claims
    union
    select
        events.claim_id,
        upper(replace(events.claim_number, ' ', '')) as claim_key,
        answers.patient_key
    from int_remit_events_in_order as events
    inner join stg_835__remit_claims as answers
        on events.remit_claim_id = answers.remit_claim_id
),

names as (
    select
        claim_id,
        claim_key,
        patient_key
    from lines
    union
    select
        claim_id,
        claim_key,
        patient_key
    from other_names
),

claims_of_doses as (
    select
        doses.administration_id,
        names.claim_id
    from doses
    inner join names
        on doses.claim_key = names.claim_key
    union
    select
        doses.administration_id,
        names.claim_id
    from doses
    inner join names
        on doses.patient_key = names.patient_key
),

lines_that_day as (
    select
        claims.administration_id,
        lines.claim_id,
        lines.hcpcs,
        lines.outcome,
        row_number() over (
            partition by claims.administration_id
            order by
                case when lines.drug = doses.drug then 0 else 1 end asc,
                case when lines.claim_key = doses.claim_key then 0 else 1 end asc,
                case when lines.outcome = 'closed_unpaid' then 1 else 0 end asc,
                lines.claim_id asc,
                lines.line_number asc,
                lines.outcome asc
        ) as place
    from claims_of_doses as claims
    inner join doses
        on claims.administration_id = doses.administration_id
    inner join lines
        on
            claims.claim_id = lines.claim_id
            and doses.service_date = lines.service_date
)

select
    doses.administration_id,
    doses.service_date,
    doses.drug,
    doses.administered_mg,
    nearest.claim_id,
    nearest.hcpcs,
    nearest.outcome,
    'administration ' || doses.administration_id || ' of '
    || cast(doses.service_date as varchar) || ', '
    || coalesce(doses.drug, 'no drug told') || ': ' || doses.left_out_because
    || case
        when nearest.claim_id is null
            then
                '; no claim of that day was found: look for the claim, and bill the '
                || 'dose only if none exists'
        else
            '; look at claim ' || nearest.claim_id || ' first, which has '
            || coalesce(nearest.hcpcs, 'a drug') || ' of that day ('
            || replace(nearest.outcome, '_', ' ')
            || '): mend the record or the claim, and bill nothing twice'
    end
    || '.' as sentence
from doses
left join lines_that_day as nearest
    on
        doses.administration_id = nearest.administration_id
        and nearest.place = 1
order by doses.service_date asc, doses.administration_id asc
