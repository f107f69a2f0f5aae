-- what    the payer's policy in force for every line: coverage, waste, JW and JZ, what it asks for
-- grain   one row per claim line, payer and rank that a policy covers
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_claim_lines_with_remit_additions, int_lines_with_business, int_drug_lines_identified, stg_ref__payer_policies
-- beware  a line without a row has no policy on file: unknown, not no; of a secondary payer a row that names its rank comes first (RULES 10.10)

with

fitting as (
    select
        claim_lines.claim_id,
        claim_lines.line_number,
        claim_lines.payer_id,
        claim_lines.payer_rank,
        policies.covered,
        policies.pays_waste,
        policies.requires_jw,
        policies.requires_jz,
        policies.requires_prior_auth,
        policies.requires_step_therapy,
        policies.specialty_pharmacy,
        policies.source,
        policies.payer_rank <> '*' as is_of_rank,
        case when policies.payer_id = '*' then 1 else 0 end as payer_distance,
        case when policies.line_of_business = '*' then 1 else 0 end
            as business_distance,
        case when policies.claim_type = '*' then 1 else 0 end as claim_type_distance,
        case when policies.payer_rank = '*' then 1 else 0 end as rank_distance,
        case when policies.hcpcs = '*' then 1 else 0 end as code_distance,
        policies.is_shipped,
        policies.effective_from,
        policies.row_id
    from int_claim_lines_with_remit_additions as claim_lines
    inner join int_lines_with_business as business
        on
            claim_lines.claim_id = business.claim_id
            and claim_lines.line_number = business.line_number
            and claim_lines.payer_id = business.payer_id
            and claim_lines.payer_rank = business.payer_rank
            and business.candidate = 1
    left join int_drug_lines_identified as drug_lines
        on
            claim_lines.claim_id = drug_lines.claim_id
            and claim_lines.line_number = drug_lines.line_number
            and claim_lines.payer_id = drug_lines.payer_id
            and claim_lines.payer_rank = drug_lines.payer_rank
    inner join stg_ref__payer_policies as policies
        on
            (policies.payer_id = '*' or claim_lines.payer_id = policies.payer_id)
            and (
                policies.line_of_business = '*'
                or business.line_of_business = policies.line_of_business
            )
            and (
                policies.claim_type = '*'
                or claim_lines.claim_type = policies.claim_type
            )
            and (
                policies.payer_rank = '*'
                or claim_lines.payer_rank = policies.payer_rank
            )
            and (policies.hcpcs = '*' or claim_lines.hcpcs = policies.hcpcs)
            and claim_lines.service_date >= policies.effective_from
            and claim_lines.service_date <= policies.effective_through
            -- a shipped row speaks of a code as CMS means it (RULES 10.6)
            and (
                policies.hcpcs = '*'
                or not policies.is_shipped
                or coalesce(drug_lines.identity_basis, '') <> 'house_code'
            )
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        covered,
        pays_waste,
        requires_jw,
        requires_jz,
        requires_prior_auth,
        requires_step_therapy,
        specialty_pharmacy,
        source as policy_source,
        is_of_rank
    from fitting
    qualify
        row_number() over (
            partition by claim_id, line_number, payer_id, payer_rank
            order by
                case when payer_rank = 'secondary' then rank_distance else 0 end asc,
                payer_distance asc,
                business_distance asc,
                claim_type_distance asc,
                rank_distance asc,
                code_distance asc,
                is_shipped asc,
                effective_from desc,
                row_id asc
        ) = 1
)

select * from final
