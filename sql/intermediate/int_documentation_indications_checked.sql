-- what    whether label and policy support the drug: diagnosis, prior therapy, step therapy
-- grain   one row per primary drug line that is not closed
-- key     claim_id, line_number, payer_id
-- reads   int_documentation_lines, int_documentation_claims, int_documentation_indications, int_documentation_treatments, stg_ref__label_indications
-- beware  checks diagnosis, prior_therapy and step_therapy (RULES 20.7, 20.8, 20.13); prior_therapy is asked only where the diagnosis is met

with

label_drugs as (
    select distinct drug
    from stg_ref__label_indications
),

lines as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.service_date,
        lines.drug,
        lines.is_remit_only,
        lines.requires_step_therapy,
        label_drugs.drug is not null as has_label,
        coalesce(claims.diagnoses, '') <> '' as has_diagnosis,
        coalesce(indications.is_fitting, false) as is_fitting,
        indications.requires_prior_therapy,
        indications.with_drug,
        indications.label_words,
        coalesce(treatments.has_record, false) as has_record,
        coalesce(treatments.has_prior_therapies, false) as has_prior_therapies
    from int_documentation_lines as lines
    left join int_documentation_claims as claims
        on
            lines.claim_id = claims.claim_id
            and lines.line_number = claims.line_number
            and lines.payer_id = claims.payer_id
    left join label_drugs
        on lines.drug = label_drugs.drug
    left join int_documentation_indications as indications
        on
            lines.claim_id = indications.claim_id
            and lines.line_number = indications.line_number
            and lines.payer_id = indications.payer_id
    left join int_documentation_treatments as treatments
        on
            lines.treatment_claim_id = treatments.claim_id
            and lines.treatment_line_number = treatments.line_number
            and lines.payer_id = treatments.payer_id
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        case
            when is_remit_only or not has_label or service_date is null
                then 'cannot_tell'
            when is_fitting then 'met'
            else 'not_met'
        end as diagnosis_result,
        case
            when is_remit_only then 'no claim on file for this line'
            when drug is null then 'the drug is not known'
            when not has_label then 'label_indications.csv has no row for ' || drug
            when service_date is null then 'the line has no service date'
            when is_fitting then label_words
            when not has_diagnosis then 'the claim states no diagnosis'
            when label_words is not null
                then
                    label_words || ', and no line of ' || with_drug
                    || ' is within 28 days'
            else 'no diagnosis of the claim is on the label that day'
        end as diagnosis_reason,
        case
            when not is_fitting or is_remit_only then null
            when not requires_prior_therapy then 'met'
            when not has_record then 'cannot_tell'
            when has_prior_therapies then 'met'
            else 'not_met'
        end as prior_therapy_result,
        case
            when not requires_prior_therapy
                then label_words || ', without prior therapy'
            when not has_record then 'no administration record'
            when has_prior_therapies
                then 'the administration record tells prior therapies'
            else
                label_words
                || ' after prior therapy, and the administration record tells none'
        end as prior_therapy_reason,
        case
            when requires_step_therapy = 'no' then 'met'
            when requires_step_therapy is null or not has_record then 'cannot_tell'
            when has_prior_therapies then 'met'
            else 'not_met'
        end as step_therapy_result,
        case
            when requires_step_therapy = 'no' then 'the policy asks for no step therapy'
            when requires_step_therapy is null
                then 'the policy does not say whether it asks for step therapy'
            when not has_record then 'no administration record'
            when has_prior_therapies
                then 'the administration record tells prior therapies'
            else
                'the policy asks for step therapy and the administration record '
                || 'tells no prior therapy'
        end as step_therapy_reason
    from lines
)

select * from final
