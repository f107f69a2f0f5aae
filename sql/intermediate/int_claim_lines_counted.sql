-- what    every primary line with what it says in the rates of its claim
-- grain   one row per primary claim line and payer
-- key     claim_id, line_number, payer_id
-- reads   int_drug_lines_identified, int_line_outcomes_net_of_reversals
-- beware  a dropped line counts in the end only where its first answer does (RULES 11.1, 11.3)

with

lines as (
    select
        outcomes.claim_id,
        outcomes.line_number,
        outcomes.payer_id,
        outcomes.payer_name,
        outcomes.line_of_business,
        outcomes.claim_type,
        outcomes.billing_id,
        outcomes.place_of_service,
        outcomes.submitted_date,
        outcomes.service_date,
        outcomes.charge_usd,
        outcomes.expected_allowed_usd,
        outcomes.interest_usd,
        outcomes.initial_outcome,
        outcomes.outcome,
        outcomes.billed_basis,
        drug_lines.claim_id is not null as is_drug_line,
        outcomes.outcome <> 'closed_unpaid' as is_live,
        coalesce(
            outcomes.initial_outcome not in (
                'open', 'returned', 'suppressed', 'duplicate', 'bundled'
            ), false
        ) as counts_initial
    from int_line_outcomes_net_of_reversals as outcomes
    left join int_drug_lines_identified as drug_lines
        on
            outcomes.claim_id = drug_lines.claim_id
            and outcomes.line_number = drug_lines.line_number
            and outcomes.payer_id = drug_lines.payer_id
            and outcomes.payer_rank = drug_lines.payer_rank
    where outcomes.payer_rank = 'primary'
),

final as (
    select
        *,
        case
            when outcome = 'closed_unpaid' then counts_initial
            else
                outcome not in (
                    'open', 'returned', 'suppressed', 'duplicate', 'bundled'
                )
        end as counts_final,
        coalesce(initial_outcome in ('denied', 'zero_no_reason'), false)
            as is_denied_initial,
        outcome in ('denied', 'zero_no_reason') as is_denied_final
    from lines
)

select * from final
