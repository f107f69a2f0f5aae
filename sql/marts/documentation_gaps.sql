-- what    what the documentation of each drug line shows and lacks, check by check
-- grain   one row per primary drug line that is not closed, and check that applies to it
-- key     claim_id, line_number, payer_id, payer_rank, check
-- reads   int_documentation_lines, int_documentation_codes_checked, int_documentation_claims_checked, int_documentation_indications_checked, int_documentation_records_checked, stg_ref__documentation_weights
-- beware  cannot_tell is no fault: it says what nobody has told; a score reads met and not_met alone

with

checked as (
    select
        claim_id,
        line_number,
        payer_id,
        'ndc' as check_name,
        ndc_result as result,
        ndc_reason as reason
    from int_documentation_codes_checked
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'dose_units' as check_name,
        dose_result as result,
        dose_reason as reason
    from int_documentation_records_checked
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'waste_units' as check_name,
        waste_result as result,
        waste_reason as reason
    from int_documentation_records_checked
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'waste_modifier' as check_name,
        modifier_result as result,
        modifier_reason as reason
    from int_documentation_records_checked
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'authorization' as check_name,
        authorization_result as result,
        authorization_reason as reason
    from int_documentation_claims_checked
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'diagnosis' as check_name,
        diagnosis_result as result,
        diagnosis_reason as reason
    from int_documentation_indications_checked
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'prior_therapy' as check_name,
        prior_therapy_result as result,
        prior_therapy_reason as reason
    from int_documentation_indications_checked
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'administration_procedure' as check_name,
        procedure_result as result,
        procedure_reason as reason
    from int_documentation_claims_checked
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'distinct_service' as check_name,
        distinct_result as result,
        distinct_reason as reason
    from int_documentation_claims_checked
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'infusion_record' as check_name,
        infusion_result as result,
        infusion_reason as reason
    from int_documentation_records_checked
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'drug_source' as check_name,
        source_result as result,
        source_reason as reason
    from int_documentation_claims_checked
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'step_therapy' as check_name,
        step_therapy_result as result,
        step_therapy_reason as reason
    from int_documentation_indications_checked
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'rationale' as check_name,
        rationale_result as result,
        rationale_reason as reason
    from int_documentation_records_checked
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'reference_current' as check_name,
        reference_result as result,
        reference_reason as reason
    from int_documentation_codes_checked
),

final as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        'primary' as payer_rank,
        lines.payer_name,
        lines.line_of_business,
        lines.service_date,
        lines.hcpcs,
        lines.drug,
        checked.check_name as "check",
        checked.result,
        checked.reason,
        coalesce(weights.weight, 0) as weight
    from checked
    inner join int_documentation_lines as lines
        on
            checked.claim_id = lines.claim_id
            and checked.line_number = lines.line_number
            and checked.payer_id = lines.payer_id
    left join stg_ref__documentation_weights as weights
        on checked.check_name = weights.check_name
    where checked.result is not null
)

select * from final
