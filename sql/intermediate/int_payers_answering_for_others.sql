-- what    pairs of payers of which one answered claims sent to the other
-- grain   one row per pair of payers
-- key     payer_id, other_payer_id
-- reads   int_claims_answered_by_another, int_line_outcomes_net_of_reversals, int_drug_lines_identified
-- beware  either may be the one that answered: a name spelled two ways answers both ways

with

drug_lines_of_claims as (
    select
        outcomes.claim_id,
        outcomes.payer_id,
        count(*) as lines,
        sum(outcomes.charge_usd) as charge_usd
    from int_line_outcomes_net_of_reversals as outcomes
    inner join int_drug_lines_identified as drug_lines
        on
            outcomes.claim_id = drug_lines.claim_id
            and outcomes.line_number = drug_lines.line_number
            and outcomes.payer_id = drug_lines.payer_id
            and outcomes.payer_rank = drug_lines.payer_rank
    where outcomes.payer_rank = 'primary'
    group by outcomes.claim_id, outcomes.payer_id
),

claims as (
    select
        answered.claim_id,
        answered.payer_id < answered.answering_payer_id as is_sent_to_first,
        answered.payer_id as sent_to_id,
        answered.payer_name as sent_to_name,
        answered.answering_payer_id,
        answered.answering_payer_name,
        coalesce(drug_lines_of_claims.lines, 0) as lines,
        coalesce(drug_lines_of_claims.charge_usd, 0) as charge_usd
    from int_claims_answered_by_another as answered
    left join drug_lines_of_claims
        on
            answered.claim_id = drug_lines_of_claims.claim_id
            and answered.payer_id = drug_lines_of_claims.payer_id
),

pairs as (
    select
        case when is_sent_to_first then sent_to_id else answering_payer_id end
            as payer_id,
        case when is_sent_to_first then answering_payer_id else sent_to_id end
            as other_payer_id,
        case when is_sent_to_first then sent_to_name else answering_payer_name end
            as payer_name,
        case when is_sent_to_first then answering_payer_name else sent_to_name end
            as other_payer_name,
        lines,
        charge_usd
    from claims
),

final as (
    select
        payer_id,
        other_payer_id,
        min(payer_name) as payer_name,
        min(other_payer_name) as other_payer_name,
        cast(count(*) as bigint) as claims,
        cast(sum(lines) as bigint) as lines,
        cast(sum(charge_usd) as decimal(18, 2)) as charge_usd
    from pairs
    group by payer_id, other_payer_id
)

select * from final
