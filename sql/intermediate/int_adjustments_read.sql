-- what    every adjustment on a line with its effect and class
-- grain   one row per adjustment, remit line and claim line
-- key     remit_claim_id, adjustment_number, place
-- reads   int_remit_lines_placed, int_remit_events_in_order, int_claim_level_amounts_spread, int_remarks_read, stg_835__adjustments, stg_ref__denial_reasons
-- beware  effect decides money, counts_as_denial decides reasons (RULES 6.1)

with

on_lines as (
    select
        placed.remit_claim_id,
        adjustments.adjustment_number,
        cast(placed.remit_line_number as bigint) as place,
        placed.remit_line_number,
        placed.line_number,
        adjustments.group_code,
        adjustments.reason_code,
        adjustments.quantity,
        adjustments.adjustment_usd,
        false as is_at_claim_level
    from int_remit_lines_placed as placed
    inner join stg_835__adjustments as adjustments
        on
            placed.remit_claim_id = adjustments.remit_claim_id
            and placed.remit_line_number = adjustments.remit_line_number
    where placed.line_number is not null
    union all
    select
        remit_claim_id,
        item_number as adjustment_number,
        place,
        coalesce(remit_line_number, 0) as remit_line_number,
        line_number,
        group_code,
        reason_code,
        cast(null as decimal(18, 3)) as quantity,
        spread_usd as adjustment_usd,
        true as is_at_claim_level
    from int_claim_level_amounts_spread
    where
        kind = 'adjustment'
        and line_number is not null
        and (spread_usd <> 0 or amount_usd = 0)
),

with_payer as (
    select
        on_lines.*,
        events.payer_id
    from on_lines
    inner join int_remit_events_in_order as events
        on on_lines.remit_claim_id = events.remit_claim_id
),

carcs as (
    select *
    from stg_ref__denial_reasons
    where code_set = 'CARC'
),

looked_up as (
    select
        with_payer.*,
        carcs.denial_class,
        carcs.precedence,
        carcs.counts_as_denial,
        carcs.effect,
        carcs.meaning,
        carcs.row_id is not null as is_mapped
    from with_payer
    left join carcs
        on
            with_payer.reason_code = carcs.code
            and (carcs.group_code = '*' or with_payer.group_code = carcs.group_code)
            and (carcs.payer_id = '*' or with_payer.payer_id = carcs.payer_id)
    qualify
        row_number() over (
            partition by
                with_payer.remit_claim_id,
                with_payer.adjustment_number,
                with_payer.place
            order by
                case when carcs.payer_id = '*' then 1 else 0 end,
                case when carcs.group_code = '*' then 1 else 0 end,
                carcs.row_id
        ) = 1
),

effects as (
    select
        * exclude (effect, counts_as_denial, denial_class, precedence),
        case
            when not is_mapped and group_code = 'PR' then 'patient'
            when not is_mapped then 'reduces_allowed'
            when counts_as_denial = 'yes' then 'reduces_allowed'
            when reason_code = '100' and group_code in ('PR', 'OA')
                then 'paid_to_patient'
            when effect = 'patient' and coalesce(group_code, '') not in ('PR', 'OA')
                then 'reduces_allowed'
            else effect
        end as effect,
        case
            when not is_mapped and group_code = 'PR' then 'no'
            when not is_mapped then 'yes'
            else counts_as_denial
        end as counts_as_denial,
        coalesce(denial_class, 'unmapped') as carc_class,
        coalesce(precedence, 999) as precedence
    from looked_up
),

final as (
    select
        effects.remit_claim_id,
        effects.adjustment_number,
        effects.place,
        effects.line_number,
        effects.group_code,
        effects.reason_code,
        effects.quantity,
        effects.adjustment_usd,
        effects.is_at_claim_level,
        effects.effect,
        effects.counts_as_denial,
        effects.precedence,
        effects.is_mapped,
        case
            when effects.reason_code in ('16', '96', 'A1', '226', '252')
                then int_remarks_read.rarc
        end as rarc,
        case
            when effects.reason_code in ('16', '96', 'A1', '226', '252')
                then coalesce(int_remarks_read.denial_class, effects.carc_class)
            else effects.carc_class
        end as denial_class,
        case
            when effects.reason_code in ('16', '96', 'A1', '226', '252')
                then coalesce(int_remarks_read.meaning, effects.meaning)
            else effects.meaning
        end as denial_reason,
        effects.effect = 'reduces_allowed'
        and effects.counts_as_denial in ('yes', 'apart') as is_reason
    from effects
    left join int_remarks_read
        on
            effects.remit_claim_id = int_remarks_read.remit_claim_id
            and effects.remit_line_number = int_remarks_read.remit_line_number
)

select * from final
