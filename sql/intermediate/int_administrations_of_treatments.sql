-- what    which treatment each administration joins, or why it joins none
-- grain   one row per administration
-- key     administration_id
-- reads   int_administrations, int_treatment_lines, int_submissions_chained_to_claims, int_remit_events_in_order, stg_835__remit_claims
-- beware  claim_id, line_number and payer_id are those of the first line of its treatment; a claim that bills no such drug that day is not replaced by the patient's others (RULES 10.9)

with

claim_names as (
    select
        claim_id,
        upper(replace(claim_number, ' ', '')) as claim_key
    from int_submissions_chained_to_claims
    union
    select
        claim_id,
        upper(replace(claim_number, ' ', '')) as claim_key
    from int_remit_events_in_order
    union
    select
        claim_id,
        upper(replace(claim_id, ' ', '')) as claim_key
    from int_submissions_chained_to_claims
    union
    select
        claim_id,
        upper(replace(claim_id, ' ', '')) as claim_key
    from int_remit_events_in_order
),

claims_of_ours as (
    select distinct claim_key
    from claim_names
),

administrations as (
    select
        doses.administration_id,
        doses.claim_key,
        doses.patient_key,
        doses.service_date,
        doses.drug,
        doses.is_contradictory,
        doses.contradiction,
        claims_of_ours.claim_key is not null as names_a_claim
    from int_administrations as doses
    left join claims_of_ours
        on doses.claim_key = claims_of_ours.claim_key
),

usable as (
    select * from administrations
    where not is_contradictory and drug is not null
),

-- a log tells a member id alone, as a remit does; a claim tells birth date and name beside it
patients as (
    select
        claim_id,
        patient_key
    from int_treatment_lines
    union
    select
        events.claim_id,
        answers.patient_key
    from int_remit_events_in_order as events
    inner join stg_835__remit_claims as answers
        on events.remit_claim_id = answers.remit_claim_id
),

candidates as (
    select
        usable.administration_id,
        lines.treatment_claim_id,
        lines.treatment_line_number,
        lines.payer_id
    from usable
    inner join claim_names
        on usable.claim_key = claim_names.claim_key
    inner join int_treatment_lines as lines
        on
            claim_names.claim_id = lines.claim_id
            and usable.service_date = lines.service_date
            and usable.drug = lines.drug
    union
    select
        usable.administration_id,
        lines.treatment_claim_id,
        lines.treatment_line_number,
        lines.payer_id
    from usable
    inner join patients
        on usable.patient_key = patients.patient_key
    inner join int_treatment_lines as lines
        on
            patients.claim_id = lines.claim_id
            and usable.service_date = lines.service_date
            and usable.drug = lines.drug
    where not usable.names_a_claim
),

found as (
    select
        administration_id,
        min(treatment_claim_id) as claim_id,
        min(treatment_line_number) as line_number,
        min(payer_id) as payer_id,
        count(*) as treatments
    from candidates
    group by administration_id
),

final as (
    select
        administrations.administration_id,
        case when found.treatments = 1 then found.claim_id end as claim_id,
        case when found.treatments = 1 then found.line_number end as line_number,
        case when found.treatments = 1 then found.payer_id end as payer_id,
        case
            when found.treatments = 1 and administrations.names_a_claim then 'claim'
            when found.treatments = 1 then 'patient'
        end as joined_by,
        case
            when found.treatments = 1 then null
            when administrations.is_contradictory
                then
                    'its rows tell ' || administrations.contradiction || ' differently'
            when administrations.drug is null
                then 'neither the drug nor vials of one drug are told'
            when found.treatments > 1 and administrations.names_a_claim
                then 'its claim number stands on several treatments of that day'
            when found.treatments > 1
                then 'the patient has several treatments with that drug that day'
            when administrations.names_a_claim
                then 'its claim bills no such drug that day'
            when administrations.patient_key is null
                then 'neither a claim of ours nor a patient is told'
            else 'no claim of the patient bills that drug that day'
        end as left_out_because
    from administrations
    left join found
        on administrations.administration_id = found.administration_id
)

select * from final
