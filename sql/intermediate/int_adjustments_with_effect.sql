-- what    every adjustment a payer made, with what its code does to a charge
-- grain   one row per adjustment of a remit claim in a transaction that counts, reversals too
-- key     remit_claim_id, adjustment_number
-- reads   int_remit_events_in_order, stg_835__adjustments, stg_ref__denial_reasons
-- beware  the class is the reason code's own; what a remark says instead is told line by line in int_adjustments_read (RULES 6.1, 6.2)

with

with_payer as (
    select
        adjustments.remit_claim_id,
        adjustments.adjustment_number,
        adjustments.group_code,
        adjustments.reason_code,
        adjustments.adjustment_usd,
        events.payer_id
    from stg_835__adjustments as adjustments
    inner join int_remit_events_in_order as events
        on adjustments.remit_claim_id = events.remit_claim_id
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
            partition by with_payer.remit_claim_id, with_payer.adjustment_number
            order by
                case when carcs.payer_id = '*' then 1 else 0 end,
                case when carcs.group_code = '*' then 1 else 0 end,
                carcs.row_id
        ) = 1
),

final as (
    select
        remit_claim_id,
        adjustment_number,
        reason_code,
        adjustment_usd,
        meaning,
        is_mapped,
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
)

select * from final
