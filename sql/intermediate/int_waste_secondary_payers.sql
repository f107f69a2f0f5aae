-- what    the secondary payer that by a policy of its own pays for the waste of a line
-- grain   one row per claim line that such a payer is asked for
-- key     claim_id, line_number
-- reads   int_lines_with_policy, int_line_outcomes_net_of_reversals
-- beware  only a row that names the rank secondary says so; of several payers the least payer_id (RULES 10.10)

select
    policies.claim_id,
    policies.line_number,
    policies.payer_id,
    outcomes.payer_name,
    outcomes.line_of_business,
    policies.pays_waste,
    policies.requires_jw,
    policies.requires_jz
from int_lines_with_policy as policies
inner join int_line_outcomes_net_of_reversals as outcomes
    on
        policies.claim_id = outcomes.claim_id
        and policies.line_number = outcomes.line_number
        and policies.payer_id = outcomes.payer_id
        and policies.payer_rank = outcomes.payer_rank
where
    policies.payer_rank = 'secondary'
    and policies.is_of_rank
    and policies.pays_waste = 'yes'
qualify
    row_number() over (
        partition by policies.claim_id, policies.line_number
        order by policies.payer_id
    ) = 1
