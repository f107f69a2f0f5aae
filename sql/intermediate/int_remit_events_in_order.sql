-- what    each remit claim as a step in a claim's life: its rank and whether it still holds
-- grain   one row per remit claim
-- key     remit_claim_id
-- reads   int_remit_claims_joined_to_claims, int_reversals_by_amounts, int_reversals_by_control_number, int_reversals_by_control_number_and_amounts, int_reversals_of_one_day, int_submissions_chained_to_claims, stg_835__adjustments
-- beware  only event_state live counts in an outcome; the rest is provider cash

with

pairs as (
    select * from int_reversals_by_control_number_and_amounts
    union all
    select * from int_reversals_by_control_number
    union all
    select * from int_reversals_by_amounts
    union all
    select * from int_reversals_of_one_day
),

ranks_sent as (
    select
        claim_id,
        payer_id,
        count(distinct payer_rank) as ranks,
        min(payer_rank) as only_rank,
        max(case when payer_rank = 'primary' then 1 else 0 end) as has_primary,
        max(case when payer_rank = 'secondary' then 1 else 0 end) as has_secondary,
        max(case when payer_rank = 'tertiary' then 1 else 0 end) as has_tertiary
    from int_submissions_chained_to_claims
    group by all
),

after_prior_payer as (
    select distinct remit_claim_id
    from stg_835__adjustments
    where group_code = 'OA' and reason_code = '23'
),

events as (
    select
        int_remit_claims_joined_to_claims.*,
        ranks_sent.ranks,
        ranks_sent.only_rank,
        ranks_sent.has_primary,
        ranks_sent.has_secondary,
        ranks_sent.has_tertiary,
        case
            when int_remit_claims_joined_to_claims.status_code in ('1', '19')
                then 'primary'
            when int_remit_claims_joined_to_claims.status_code in ('2', '20')
                then 'secondary'
            when int_remit_claims_joined_to_claims.status_code in ('3', '21')
                then 'tertiary'
        end as status_rank,
        after_prior_payer.remit_claim_id is not null as is_after_prior_payer
    from int_remit_claims_joined_to_claims
    left join ranks_sent
        on
            int_remit_claims_joined_to_claims.claim_id = ranks_sent.claim_id
            and int_remit_claims_joined_to_claims.payer_id = ranks_sent.payer_id
    left join after_prior_payer
        on
            int_remit_claims_joined_to_claims.remit_claim_id
            = after_prior_payer.remit_claim_id
),

ranks_seen as (
    select
        claim_id,
        payer_id,
        status_rank
    from events
    where status_rank is not null
    qualify row_number() over (partition by claim_id, payer_id order by event_order) = 1
),

ranked as (
    select
        events.*,
        case
            when events.ranks = 1 then events.only_rank
            when
                events.ranks > 1
                and (
                    (events.status_rank = 'primary' and events.has_primary = 1)
                    or (events.status_rank = 'secondary' and events.has_secondary = 1)
                    or (events.status_rank = 'tertiary' and events.has_tertiary = 1)
                )
                then events.status_rank
            when events.ranks > 1 then events.only_rank
            when events.status_rank is not null then events.status_rank
            when ranks_seen.status_rank is not null then ranks_seen.status_rank
            when events.is_after_prior_payer then 'secondary'
            else 'primary'
        end as own_rank
    from events
    left join ranks_seen
        on
            events.claim_id = ranks_seen.claim_id
            and events.payer_id = ranks_seen.payer_id
),

control_numbers_answered as (
    select distinct
        claim_id,
        payer_id,
        payer_control_number
    from events
    where payer_control_number is not null
),

replacements as (
    select
        submissions.claim_id,
        submissions.payer_id,
        submissions.submitted_date,
        submissions.frequency_code,
        submissions.original_control_number,
        control_numbers_answered.claim_id is not null as names_an_answer
    from int_submissions_chained_to_claims as submissions
    left join control_numbers_answered
        on
            submissions.claim_id = control_numbers_answered.claim_id
            and submissions.payer_id = control_numbers_answered.payer_id
            and submissions.original_control_number
            = control_numbers_answered.payer_control_number
    where submissions.is_replacement
),

ended as (
    select
        ranked.remit_claim_id,
        max(replacements.submitted_date) as replaced_date,
        max(case when replacements.frequency_code = '8' then 1 else 0 end) as is_void
    from ranked
    inner join replacements
        on
            ranked.claim_id = replacements.claim_id
            and ranked.payer_id = replacements.payer_id
            and ranked.payment_date <= replacements.submitted_date
    where
        not replacements.names_an_answer
        or ranked.payer_control_number = replacements.original_control_number
    group by ranked.remit_claim_id
),

-- a replacement that was answered with nothing leaves the earlier payment standing
-- until the payer takes it back: the cash is still the practice's
answers_to_replacements as (
    select
        ended.remit_claim_id,
        max(abs(answers.paid_usd)) as most_paid_usd
    from ended
    inner join ranked
        on ended.remit_claim_id = ranked.remit_claim_id
    inner join ranked as answers
        on
            ranked.claim_id = answers.claim_id
            and ranked.payer_id = answers.payer_id
            and ended.replaced_date < answers.payment_date
            and answers.status_code <> '22'
    where ended.is_void = 0 and ranked.paid_usd <> 0
    group by ended.remit_claim_id
),

final as (
    select
        ranked.* exclude (
            ranks, only_rank, has_primary, has_secondary, has_tertiary,
            status_rank, is_after_prior_payer, own_rank
        ),
        coalesce(cancelled_events.own_rank, ranked.own_rank) as payer_rank,
        reversal_pairs.cancelled_id,
        case
            when reversal_pairs.reversal_id is not null then 'reversal'
            when ranked.status_code = '22' then 'orphan_reversal'
            when cancelled_pairs.cancelled_id is not null then 'cancelled'
            when
                ended.remit_claim_id is not null
                and coalesce(answers_to_replacements.most_paid_usd, 1) <> 0
                then 'ended'
            else 'live'
        end as event_state,
        coalesce(answers_to_replacements.most_paid_usd, 1) = 0 as is_for_replaced_claim
    from ranked
    left join pairs as reversal_pairs
        on ranked.remit_claim_id = reversal_pairs.reversal_id
    left join pairs as cancelled_pairs
        on ranked.remit_claim_id = cancelled_pairs.cancelled_id
    left join ranked as cancelled_events
        on reversal_pairs.cancelled_id = cancelled_events.remit_claim_id
    left join ended
        on ranked.remit_claim_id = ended.remit_claim_id
    left join answers_to_replacements
        on ranked.remit_claim_id = answers_to_replacements.remit_claim_id
)

select * from final
