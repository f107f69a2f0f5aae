-- what    the payer's policy on the code it answered with: whether it covers that code
-- grain   one row per short or overpaid line whose remit names another code, where a policy speaks of it
-- key     claim_id, line_number, payer_id
-- reads   int_causes_remit_codes, stg_ref__payer_policies
-- beware  chosen as the line's own policy is (RULES 10.6); a code it does not cover has no price here (RULES 16.4)

with

fitting as (
    select
        codes.claim_id,
        codes.line_number,
        codes.payer_id,
        policies.covered,
        policies.source,
        case when policies.payer_id = '*' then 1 else 0 end as payer_distance,
        case when policies.line_of_business = '*' then 1 else 0 end
            as business_distance,
        case when policies.claim_type = '*' then 1 else 0 end as claim_type_distance,
        case when policies.payer_rank = '*' then 1 else 0 end as rank_distance,
        case when policies.hcpcs = '*' then 1 else 0 end as code_distance,
        policies.is_shipped,
        policies.effective_from,
        policies.row_id
    from int_causes_remit_codes as codes
    inner join stg_ref__payer_policies as policies
        on
            (policies.payer_id = '*' or codes.payer_id = policies.payer_id)
            and (
                policies.line_of_business = '*'
                or codes.line_of_business = policies.line_of_business
            )
            and (
                policies.claim_type = '*' or codes.claim_type = policies.claim_type
            )
            and policies.payer_rank in ('*', 'primary')
            and (policies.hcpcs = '*' or codes.hcpcs = policies.hcpcs)
            and codes.service_date >= policies.effective_from
            and codes.service_date <= policies.effective_through
            and (
                policies.hcpcs = '*'
                or not policies.is_shipped
                or not codes.is_house_code
            )
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        coalesce(covered, '') <> 'no' as is_covered,
        source as policy_source
    from fitting
    qualify
        row_number() over (
            partition by claim_id, line_number, payer_id
            order by
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
