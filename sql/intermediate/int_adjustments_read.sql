-- what    every adjustment on a line with its effect and class
-- grain   one row per adjustment, remit line and claim line
-- key     remit_claim_id, adjustment_number, place
-- reads   int_adjustments_with_effect, int_remit_lines_placed, int_claim_level_amounts_spread, int_remarks_read, stg_835__adjustments
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

effects as (
    select
        on_lines.*,
        with_effect.effect,
        with_effect.counts_as_denial,
        with_effect.carc_class,
        with_effect.precedence,
        with_effect.meaning,
        with_effect.is_mapped
    from on_lines
    inner join int_adjustments_with_effect as with_effect
        on
            on_lines.remit_claim_id = with_effect.remit_claim_id
            and on_lines.adjustment_number = with_effect.adjustment_number
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
