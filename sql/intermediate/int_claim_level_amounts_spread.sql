-- what    amounts that stand at claim level on a remit, spread over its lines to the cent
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

pairs as (
    select
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
        cast(abs(amounts.amount_usd) * 100 as decimal(19, 0)) as amount_cents,
        case
            when amounts.kind = 'adjustment' and weighted.is_unexplained
                then weighted.unexplained_weight
            else weighted.payment_weight
        end as weight
    from amounts
    inner join weighted
        on amounts.remit_claim_id = weighted.remit_claim_id
),

shares as (
    select
        *,
        cast(
            sum(weight) over (partition by remit_claim_id, item_number)
            as decimal(19, 0)
        ) as weights
    from pairs
),

-- the double quotient can be one off; the exact remainder says so
near_quotients as (
    select
        *,
        cast(
            floor(
                cast(amount_cents * weight as double) / cast(weights as double)
            ) as decimal(19, 0)
        ) as near_cents
    from shares
),

whole_cents as (
    select
        * exclude (near_cents),
        case
            when amount_cents * weight < near_cents * weights then near_cents - 1
            when
                amount_cents * weight
                >= cast(near_cents + 1 as decimal(19, 0)) * weights
                then near_cents + 1
            else near_cents
        end as share_cents
    from near_quotients
),

remainders as (
    select
        *,
        amount_cents * weight - share_cents * weights as remainder,
        amount_cents - sum(share_cents) over (
            partition by remit_claim_id, item_number
        ) as cents_left
    from whole_cents
),

final as (
    select
        remit_claim_id,
        item_number,
        place,
        kind,
        group_code,
        reason_code,
        remit_line_number,
        line_number,
        is_paid_on_lines,
        amount_usd,
        cast(
            case when amount_usd < 0 then -1 else 1 end * (
                share_cents + case
                    when
                        row_number() over (
                            partition by remit_claim_id, item_number
                            order by remainder desc, place asc
                        ) <= cents_left
                        then 1
                    else 0
                end
            ) * cast(0.01 as decimal(3, 2)) as decimal(18, 2)
        ) as spread_usd
    from remainders
)

select * from final
