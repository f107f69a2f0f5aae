-- what    the claim that fits each remit claim best; of equal claims the one whose services it answers, else in turn
-- grain   one row per remit claim whose claim number was sent
-- key     remit_claim_id
-- reads   int_claims_with_every_service, int_remit_claims_against_claims, int_remit_claims_in_order
-- beware  only where no more control numbers than claims come, none empty and none taken back; else the first claim takes all (RULES 4.3)

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

apart as (
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

first_events as (
    select *
    from events
    qualify
        row_number() over (
            partition by payer_id, claim_number, equal_claims, payer_control_number
            order by event_order
        ) = 1
),

control_numbers as (
    select
        first_events.payer_id,
        first_events.claim_number,
        first_events.equal_claims,
        first_events.payer_control_number,
        first_events.remit_claim_id,
        row_number() over (
            partition by
                first_events.payer_id,
                first_events.claim_number,
                first_events.equal_claims
            order by first_events.event_order
        ) as turn
    from first_events
    inner join apart
        on
            first_events.payer_id = apart.payer_id
            and first_events.claim_number = apart.claim_number
            and first_events.equal_claims = apart.equal_claims
),

-- a control number whose services are those of one of the equal claims alone
by_services as (
    select
        control_numbers.payer_id,
        control_numbers.claim_number,
        control_numbers.equal_claims,
        control_numbers.payer_control_number,
        min(placed.claim_place) as claim_place
    from control_numbers
    inner join placed
        on control_numbers.remit_claim_id = placed.remit_claim_id
    inner join int_claims_with_every_service as fitting
        on
            placed.remit_claim_id = fitting.remit_claim_id
            and placed.claim_id = fitting.claim_id
    group by
        control_numbers.payer_id,
        control_numbers.claim_number,
        control_numbers.equal_claims,
        control_numbers.payer_control_number
    having count(*) = 1
),

-- services sort them out only where they sort out all of them
sorted_out as (
    select
        control_numbers.payer_id,
        control_numbers.claim_number,
        control_numbers.equal_claims
    from control_numbers
    left join by_services
        on
            control_numbers.payer_id = by_services.payer_id
            and control_numbers.claim_number = by_services.claim_number
            and control_numbers.equal_claims = by_services.equal_claims
            and control_numbers.payer_control_number
            = by_services.payer_control_number
    group by
        control_numbers.payer_id,
        control_numbers.claim_number,
        control_numbers.equal_claims
    having count(distinct by_services.claim_place) = count(*)
),

places as (
    select
        control_numbers.payer_id,
        control_numbers.claim_number,
        control_numbers.equal_claims,
        control_numbers.payer_control_number,
        case
            when sorted_out.payer_id is null then control_numbers.turn
            else by_services.claim_place
        end as claim_place
    from control_numbers
    left join by_services
        on
            control_numbers.payer_id = by_services.payer_id
            and control_numbers.claim_number = by_services.claim_number
            and control_numbers.equal_claims = by_services.equal_claims
            and control_numbers.payer_control_number
            = by_services.payer_control_number
    left join sorted_out
        on
            control_numbers.payer_id = sorted_out.payer_id
            and control_numbers.claim_number = sorted_out.claim_number
            and control_numbers.equal_claims = sorted_out.equal_claims
),

events_with_place as (
    select
        events.remit_claim_id,
        places.claim_place
    from events
    inner join places
        on
            events.payer_id = places.payer_id
            and events.claim_number = places.claim_number
            and events.equal_claims = places.equal_claims
            and events.payer_control_number = places.payer_control_number
),

final as (
    select
        placed.remit_claim_id,
        placed.claim_id
    from placed
    left join events_with_place
        on placed.remit_claim_id = events_with_place.remit_claim_id
    where placed.claim_place = coalesce(events_with_place.claim_place, 1)
)

select * from final
