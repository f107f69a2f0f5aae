-- what    the claim each remit claim answers
-- grain   one row per remit claim
-- key     remit_claim_id
-- reads   int_remit_claims_in_order, int_remit_claims_in_turn, stg_835__remit_lines
-- beware  joins one claim of its claim number, never all of them (RULES 4.3, 4.4)

with

has_control_number as (
    select distinct remit_claim_id
    from stg_835__remit_lines
    where line_control_number is not null
),

events as (
    select
        int_remit_claims_in_order.*,
        int_remit_claims_in_turn.claim_id,
        int_remit_claims_in_order.service_date is not null
        or has_control_number.remit_claim_id is not null as can_tell
    from int_remit_claims_in_order
    left join int_remit_claims_in_turn
        on
            int_remit_claims_in_order.remit_claim_id
            = int_remit_claims_in_turn.remit_claim_id
    left join has_control_number
        on
            int_remit_claims_in_order.remit_claim_id
            = has_control_number.remit_claim_id
),

tellers as (
    select
        payer_id,
        claim_number,
        payer_control_number,
        claim_id,
        service_date
    from events
    where can_tell and payer_control_number is not null
    qualify
        row_number() over (
            partition by payer_id, claim_number, payer_control_number
            order by event_order
        ) = 1
),

placed as (
    select
        events.*,
        coalesce(
            case when not events.can_tell then tellers.claim_id end, events.claim_id
        ) as joined_claim_id,
        coalesce(events.service_date, tellers.service_date) as remit_only_date
    from events
    left join tellers
        on
            events.payer_id = tellers.payer_id
            and events.claim_number = tellers.claim_number
            and events.payer_control_number = tellers.payer_control_number
),

remit_only as (
    select distinct
        claim_number,
        remit_only_date
    from placed
    where joined_claim_id is null
),

remit_only_named as (
    select
        claim_number,
        remit_only_date,
        case
            when count(*) over (partition by claim_number) = 1 then claim_number
            else
                claim_number || '-'
                || coalesce(strftime(remit_only_date, '%Y%m%d'), 'undated')
        end as claim_id
    from remit_only
),

final as (
    select
        placed.* exclude (claim_id, joined_claim_id, can_tell),
        coalesce(placed.joined_claim_id, remit_only_named.claim_id) as claim_id,
        placed.joined_claim_id is null as is_remit_only
    from placed
    left join remit_only_named
        on
            placed.claim_number = remit_only_named.claim_number
            and placed.remit_only_date
            is not distinct from remit_only_named.remit_only_date
)

select * from final
