-- what    the lines whose documentation is looked at: what they say, and what their payer asks for
-- grain   one row per primary drug line that is not closed
-- key     claim_id, line_number, payer_id
-- reads   int_line_outcomes_net_of_reversals, int_drug_lines_identified, int_lines_with_policy, int_treatment_lines
-- beware  what a policy leaves empty is null, never no (RULES 20.1); a line of no treatment has no treatment_claim_id

with

final as (
    select
        outcomes.claim_id,
        outcomes.line_number,
        outcomes.payer_id,
        outcomes.payer_name,
        outcomes.line_of_business,
        outcomes.patient_key,
        outcomes.service_date,
        outcomes.hcpcs,
        drug_lines.drug,
        drug_lines.identity_basis,
        drug_lines.ndc11,
        outcomes.ndc is not null as has_ndc,
        outcomes.ndc is not null and not drug_lines.has_unknown_ndc as has_known_ndc,
        ' ' || coalesce(outcomes.modifiers, '') || ' ' as modifiers,
        outcomes.is_waste_line,
        outcomes.billed_basis = 'remit_only' as is_remit_only,
        outcomes.method,
        treatment_lines.treatment_claim_id,
        treatment_lines.treatment_line_number,
        policies.requires_jw,
        policies.requires_jz,
        policies.requires_prior_auth,
        policies.requires_step_therapy,
        policies.specialty_pharmacy
    from int_line_outcomes_net_of_reversals as outcomes
    inner join int_drug_lines_identified as drug_lines
        on
            outcomes.claim_id = drug_lines.claim_id
            and outcomes.line_number = drug_lines.line_number
            and outcomes.payer_id = drug_lines.payer_id
            and outcomes.payer_rank = drug_lines.payer_rank
    left join int_lines_with_policy as policies
        on
            outcomes.claim_id = policies.claim_id
            and outcomes.line_number = policies.line_number
            and outcomes.payer_id = policies.payer_id
            and outcomes.payer_rank = policies.payer_rank
    left join int_treatment_lines as treatment_lines
        on
            outcomes.claim_id = treatment_lines.claim_id
            and outcomes.line_number = treatment_lines.line_number
            and outcomes.payer_id = treatment_lines.payer_id
    where outcomes.payer_rank = 'primary' and outcomes.outcome <> 'closed_unpaid'
)

select * from final
