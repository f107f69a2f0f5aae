-- what    every amount that stands at claim level on a remit beside the lines it is spread over, with their weights
-- grain   one row per claim-level amount and line it is spread over
-- key     remit_claim_id, item_number, place
-- reads   int_remit_events_in_order, stg_835__adjustments, stg_835__interest, int_remit_lines_placed, stg_835__remit_lines, int_claim_lines_per_payer
-- beware  weights are what lines leave unexplained, paid, charge, else even; without SVC the payment itself is spread (RULES 5.4)

with

events as (
    select *
    from int_remit_events_in_order
    where status_code <> '22'
),

amounts as (
    select
        events.remit_claim_id,
        events.payer_id,
        stg_835__adjustments.adjustment_number as item_number,
        'adjustment' as kind,
        stg_835__adjustments.group_code,
        stg_835__adjustments.reason_code,
        stg_835__adjustments.adjustment_usd as amount_usd
    from events
    inner join stg_835__adjustments
        on
            events.remit_claim_id = stg_835__adjustments.remit_claim_id
            and stg_835__adjustments.remit_line_number is null
    union all
    select
        events.remit_claim_id,
        events.payer_id,
        0 as item_number,
        'interest' as kind,
        null as group_code,
        null as reason_code,
        stg_835__interest.interest_usd as amount_usd
    from events
    inner join stg_835__interest
        on
            events.remit_claim_id = stg_835__interest.remit_claim_id
            and stg_835__interest.place = 0
    union all
    select
        remit_claim_id,
        payer_id,
        -1 as item_number,
        'payment' as kind,
        null as group_code,
        null as reason_code,
        paid_usd as amount_usd
    from events
    where service_lines = 0
),

own_adjustments as (
    select
        remit_claim_id,
        remit_line_number,
        sum(adjustment_usd) as adjustments_usd
    from stg_835__adjustments
    where remit_line_number is not null
    group by remit_claim_id, remit_line_number
),

-- where the lines add up to CLP04 by themselves, the claim level explains what the
-- lines leave unexplained: it takes nothing more from them
explained as (
    select
        events.remit_claim_id,
        sum(lines.paid_usd) = events.paid_usd as is_paid_on_lines
    from events
    inner join stg_835__remit_lines as lines
        on events.remit_claim_id = lines.remit_claim_id
    group by events.remit_claim_id, events.paid_usd
),

targets as (
    select
        placed.remit_claim_id,
        placed.remit_line_number as place,
        placed.remit_line_number,
        placed.line_number,
        explained.is_paid_on_lines,
        case
            when explained.is_paid_on_lines
                then
                    abs(
                        lines.charge_usd - lines.paid_usd
                        - coalesce(own_adjustments.adjustments_usd, 0)
                    )
            else 0
        end as unexplained_usd,
        abs(lines.paid_usd) as first_weight_usd,
        abs(lines.charge_usd) as second_weight_usd
    from int_remit_lines_placed as placed
    inner join stg_835__remit_lines as lines
        on
            placed.remit_claim_id = lines.remit_claim_id
            and placed.remit_line_number = lines.remit_line_number
    inner join explained
        on placed.remit_claim_id = explained.remit_claim_id
    left join own_adjustments
        on
            placed.remit_claim_id = own_adjustments.remit_claim_id
            and placed.remit_line_number = own_adjustments.remit_line_number
    union all
    select
        events.remit_claim_id,
        claim_lines.line_number as place,
        cast(null as int) as remit_line_number,
        claim_lines.line_number,
        false as is_paid_on_lines,
        cast(0 as decimal(18, 2)) as unexplained_usd,
        abs(claim_lines.charge_usd) as first_weight_usd,
        abs(claim_lines.charge_usd) as second_weight_usd
    from events
    inner join int_claim_lines_per_payer as claim_lines
        on
            events.claim_id = claim_lines.claim_id
            and events.payer_id = claim_lines.payer_id
            and events.payer_rank = claim_lines.payer_rank
            and claim_lines.line_state <> 'dropped'
    where events.service_lines = 0
),

weighted as (
    select
        remit_claim_id,
        place,
        remit_line_number,
        line_number,
        is_paid_on_lines,
        cast(unexplained_usd * 100 as decimal(19, 0)) as unexplained_weight,
        sum(unexplained_usd) over (partition by remit_claim_id) > 0 as is_unexplained,
        cast(
            case
                when sum(first_weight_usd) over (partition by remit_claim_id) > 0
                    then coalesce(first_weight_usd, 0) * 100
                when sum(second_weight_usd) over (partition by remit_claim_id) > 0
                    then coalesce(second_weight_usd, 0) * 100
                else 1
            end as decimal(19, 0)
        ) as payment_weight
    from targets
),

final as (
    select
        amounts.remit_claim_id as owner_id,
        amounts.payer_id,
        cast(amounts.item_number as varchar) as item,
        amounts.remit_claim_id,
        amounts.item_number,
        amounts.kind,
        amounts.group_code,
        amounts.reason_code,
        amounts.amount_usd,
        weighted.place,
        weighted.remit_line_number,
        weighted.line_number,
        weighted.is_paid_on_lines,
        case
            when amounts.kind = 'adjustment' and weighted.is_unexplained
                then weighted.unexplained_weight
            else weighted.payment_weight
        end as weight
    from amounts
    inner join weighted
        on amounts.remit_claim_id = weighted.remit_claim_id
)

select * from final
