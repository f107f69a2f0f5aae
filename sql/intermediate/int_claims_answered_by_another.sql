-- what    claims that the payer they were sent to left to another payer to answer
-- grain   one row per claim, payer it was sent to and payer that answered
-- key     claim_id, payer_id, answering_payer_id
-- reads   int_submissions_chained_to_claims, int_remit_events_in_order
-- beware  a payer that answers second, or was sent the claim too, is no namesake of the first

with

sent as (
    select
        claim_id,
        payer_id,
        min(payer_name) as payer_name
    from int_submissions_chained_to_claims
    where payer_rank = 'primary'
    group by claim_id, payer_id
),

sent_in_any_rank as (
    select distinct
        claim_id,
        payer_id
    from int_submissions_chained_to_claims
),

answers as (
    select
        claim_id,
        payer_id,
        min(payer_name) as payer_name,
        max(case when payer_rank = 'primary' then 1 else 0 end) as has_primary
    from int_remit_events_in_order
    where not is_remit_only
    group by claim_id, payer_id
),

unanswered as (
    select sent.*
    from sent
    left join answers
        on sent.claim_id = answers.claim_id and sent.payer_id = answers.payer_id
    where answers.claim_id is null
),

unasked as (
    select answers.*
    from answers
    left join sent_in_any_rank
        on
            answers.claim_id = sent_in_any_rank.claim_id
            and answers.payer_id = sent_in_any_rank.payer_id
    where answers.has_primary = 1 and sent_in_any_rank.claim_id is null
),

final as (
    select
        unanswered.claim_id,
        unanswered.payer_id,
        unanswered.payer_name,
        unasked.payer_id as answering_payer_id,
        unasked.payer_name as answering_payer_name
    from unanswered
    inner join unasked
        on unanswered.claim_id = unasked.claim_id
)

select * from final
