-- what    what a claim shows for a line: authorization, administration procedure, modifiers, source of the drug
-- grain   one row per primary drug line that is not closed
-- key     claim_id, line_number, payer_id
-- reads   int_documentation_lines, int_documentation_claims, int_documentation_procedures
-- beware  checks authorization, administration_procedure, distinct_service and drug_source (RULES 20.6, 20.9, 20.10, 20.12)

with

lines as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.service_date,
        lines.is_waste_line,
        lines.is_remit_only,
        lines.requires_prior_auth,
        lines.specialty_pharmacy,
        coalesce(claims.has_authorization_number, false) as has_authorization_number,
        procedures.service_date is not null as has_procedure,
        lines.modifiers like '% 59 %'
        or lines.modifiers like '% XE %'
        or lines.modifiers like '% XP %'
        or lines.modifiers like '% XS %'
        or lines.modifiers like '% XU %' as has_distinct_service
    from int_documentation_lines as lines
    left join int_documentation_claims as claims
        on
            lines.claim_id = claims.claim_id
            and lines.line_number = claims.line_number
            and lines.payer_id = claims.payer_id
    left join int_documentation_procedures as procedures
        on
            coalesce(lines.patient_key, lines.claim_id) = procedures.patient_or_claim
            and (lines.patient_key is not null) = procedures.is_patient
            and lines.service_date = procedures.service_date
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        case
            when is_remit_only then 'cannot_tell'
            when requires_prior_auth = 'no' or has_authorization_number then 'met'
            when requires_prior_auth = 'yes' then 'not_met'
            else 'cannot_tell'
        end as authorization_result,
        case
            when is_remit_only then 'no claim on file for this line'
            when requires_prior_auth = 'no' then 'the policy asks for no authorization'
            when has_authorization_number then 'the claim states a number'
            when requires_prior_auth = 'yes'
                then 'the policy asks for a number and the claim states none'
            else 'the policy does not say whether a number is needed; none is stated'
        end as authorization_reason,
        case
            when is_waste_line then null
            when has_procedure then 'met'
            when is_remit_only or service_date is null then 'cannot_tell'
            else 'not_met'
        end as procedure_result,
        case
            when has_procedure then 'a procedure that gives a drug is billed that day'
            when is_remit_only then 'no claim on file for this line'
            when service_date is null then 'the line has no service date'
            else 'no procedure that gives a drug is billed that day'
        end as procedure_reason,
        case when has_distinct_service then 'not_met' else 'met' end
            as distinct_result,
        case
            when has_distinct_service
                then 'modifier 59, XE, XP, XS or XU stands on a drug line'
            else 'no modifier 59, XE, XP, XS or XU'
        end as distinct_reason,
        case specialty_pharmacy
            when 'yes' then 'not_met' when 'no' then 'met' else 'cannot_tell'
        end as source_result,
        case specialty_pharmacy
            when 'yes'
                then
                    'the payer asks for a specialty pharmacy; '
                    || 'the practice billed the drug'
            when 'no' then 'the payer asks for no specialty pharmacy'
            else 'the policy does not say where the drug must come from'
        end as source_reason
    from lines
)

select * from final
