-- what    the claim that fits each remit claim best; equal claims are answered in turn
-- grain   one row per remit claim whose claim number was sent
-- key     remit_claim_id
-- reads   int_remit_claims_against_claims, int_remit_claims_in_order
-- beware  in turn only where no more control numbers than claims come, none empty and none taken back (RULES 4.3)

with

best as (
    select
        remit_claim_id,
        claim_id,
        claim_counter
    from int_remit_claims_against_claims
    qualify
        rank() over (
            partition by remit_claim_id
            order by
                control_number_misfit,
                date_misfit,
                charge_misfit,
                payer_misfit,
                services_misfit,
                root_service_date
        ) = 1
),

placed as (
    select
        *,
        row_number() over (
            partition by remit_claim_id
            order by claim_counter, claim_id
        ) as claim_place
    from best
),

-- the remit claims that fit several claims alike, and which claims these are
undecided as (
    select
        remit_claim_id,
        array_to_string(list_sort(list(coalesce(claim_id, ''))), '|') as equal_claims,
        count(*) as claims
    from best
    group by remit_claim_id
    having count(*) > 1 and count(*) = count(distinct claim_counter)
),

events as (
    select
        undecided.remit_claim_id,
        undecided.equal_claims,
        undecided.claims,
        int_remit_claims_in_order.payer_id,
        int_remit_claims_in_order.claim_number,
        int_remit_claims_in_order.payer_control_number,
        int_remit_claims_in_order.event_order
    from undecided
    inner join int_remit_claims_in_order
        on undecided.remit_claim_id = int_remit_claims_in_order.remit_claim_id
),

taken_back as (
    select distinct
        payer_id,
        claim_number,
        payer_control_number
    from int_remit_claims_in_order
    where status_code = '22' and payer_control_number is not null
),

in_turn as (
    select
        events.payer_id,
        events.claim_number,
        events.equal_claims
    from events
    left join taken_back
        on
            events.payer_id = taken_back.payer_id
            and events.claim_number = taken_back.claim_number
            and events.payer_control_number = taken_back.payer_control_number
    group by events.payer_id, events.claim_number, events.equal_claims
    having
        count(distinct events.payer_control_number) <= max(events.claims)
        and count(events.payer_control_number) = count(*)
        and count(taken_back.claim_number) = 0
),

control_numbers as (
    select
        events.payer_id,
        events.claim_number,
        events.equal_claims,
        events.payer_control_number,
        min(events.event_order) as first_event_order
    from events
    inner join in_turn
        on
            events.payer_id = in_turn.payer_id
            and events.claim_number = in_turn.claim_number
            and events.equal_claims = in_turn.equal_claims
    group by
        events.payer_id,
        events.claim_number,
        events.equal_claims,
        events.payer_control_number
),

turns as (
    select
        *,
        row_number() over (
            partition by payer_id, claim_number, equal_claims
            order by first_event_order
        ) as turn
    from control_numbers
),

events_with_turn as (
    select
        events.remit_claim_id,
        turns.turn
    from events
    inner join turns
        on
            events.payer_id = turns.payer_id
            and events.claim_number = turns.claim_number
            and events.equal_claims = turns.equal_claims
            and events.payer_control_number = turns.payer_control_number
),

final as (
    select
        placed.remit_claim_id,
        placed.claim_id
    from placed
    left join events_with_turn
        on placed.remit_claim_id = events_with_turn.remit_claim_id
    where placed.claim_place = coalesce(events_with_turn.turn, 1)
)

select * from final
