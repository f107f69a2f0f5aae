-- what    the days on which a claim bills a procedure that gives a drug
-- grain   one row per patient or claim, and service date
-- key     patient_or_claim, is_patient, service_date
-- reads   int_line_outcomes_net_of_reversals, stg_ref__administration_codes
-- beware  of any payer and rank; a claim stands for its patient only where the patient is not told (RULES 20.9)

with

code_lengths as (
    select distinct length(code_prefix) as prefix_length
    from stg_ref__administration_codes
),

codes as (
    select distinct hcpcs
    from int_line_outcomes_net_of_reversals
    where hcpcs is not null
),

giving_codes as (
    select distinct codes.hcpcs
    from codes
    cross join code_lengths
    inner join stg_ref__administration_codes as prefixes
        on substr(codes.hcpcs, 1, code_lengths.prefix_length) = prefixes.code_prefix
),

lines as (
    select
        outcomes.claim_id,
        outcomes.patient_key,
        outcomes.service_date
    from int_line_outcomes_net_of_reversals as outcomes
    inner join giving_codes
        on outcomes.hcpcs = giving_codes.hcpcs
    where outcomes.outcome <> 'closed_unpaid' and outcomes.service_date is not null
),

final as (
    select distinct
        patient_key as patient_or_claim,
        true as is_patient,
        service_date
    from lines
    where patient_key is not null
    union all
    select distinct
        claim_id as patient_or_claim,
        false as is_patient,
        service_date
    from lines
)

select * from final
