-- what    what each line was told first and what holds now, as one verdict each
-- grain   one row per claim line, payer, rank and stage (initial, final)
-- key     claim_id, line_number, payer_id, payer_rank, stage
-- reads   int_event_lines, int_claim_lines_with_remit_additions
-- beware  final dollars add over live events; its reasons are those of one deciding event (RULES 6.3 to 6.8)

with

lines_spoken_of as (
    select *
    from int_event_lines
    where speaks
),

-- 193 upholds an earlier answer: it keeps that answer's reason
upheld_reasons as (
    select
        upheld.remit_claim_id,
        upheld.line_number,
        earlier.reason_codes,
        earlier.denied_usd,
        earlier.denial_codes,
        earlier.denial_codes_with_quantity,
        earlier.stated_denied_units,
        earlier.reason_group,
        earlier.reason_code,
        earlier.reason_rarc,
        earlier.reason_class,
        earlier.reason_meaning
    from lines_spoken_of as upheld
    inner join lines_spoken_of as earlier
        on
            upheld.claim_id = earlier.claim_id
            and upheld.payer_id = earlier.payer_id
            and upheld.payer_rank = earlier.payer_rank
            and upheld.line_number = earlier.line_number
            and upheld.event_order > earlier.event_order
            and earlier.reason_codes > 0
    where upheld.is_upheld and upheld.reason_codes = 0
    qualify
        row_number() over (
            partition by upheld.remit_claim_id, upheld.line_number
            order by earlier.event_order desc
        ) = 1
),

speaking as (
    select
        lines_spoken_of.claim_id,
        lines_spoken_of.payer_id,
        lines_spoken_of.payer_rank,
        lines_spoken_of.line_number,
        lines_spoken_of.remit_claim_id,
        lines_spoken_of.event_order,
        lines_spoken_of.payment_date,
        lines_spoken_of.event_state,
        lines_spoken_of.remit_hcpcs,
        lines_spoken_of.stated_paid_units,
        lines_spoken_of.original_units,
        lines_spoken_of.stated_cut_units,
        lines_spoken_of.allowed_usd,
        lines_spoken_of.paid_usd,
        lines_spoken_of.is_duplicate_only,
        lines_spoken_of.has_prior_payer,
        lines_spoken_of.has_ma130,
        coalesce(upheld_reasons.reason_codes, lines_spoken_of.reason_codes)
            as reason_codes,
        coalesce(upheld_reasons.denied_usd, lines_spoken_of.denied_usd) as denied_usd,
        coalesce(upheld_reasons.denial_codes, lines_spoken_of.denial_codes)
            as denial_codes,
        coalesce(
            upheld_reasons.denial_codes_with_quantity,
            lines_spoken_of.denial_codes_with_quantity
        ) as denial_codes_with_quantity,
        coalesce(
            upheld_reasons.stated_denied_units, lines_spoken_of.stated_denied_units
        ) as stated_denied_units,
        coalesce(upheld_reasons.reason_group, lines_spoken_of.reason_group)
            as reason_group,
        coalesce(upheld_reasons.reason_code, lines_spoken_of.reason_code)
            as reason_code,
        coalesce(upheld_reasons.reason_rarc, lines_spoken_of.reason_rarc)
            as reason_rarc,
        coalesce(upheld_reasons.reason_class, lines_spoken_of.reason_class)
            as reason_class,
        coalesce(upheld_reasons.reason_meaning, lines_spoken_of.reason_meaning)
            as reason_meaning
    from lines_spoken_of
    left join upheld_reasons
        on
            lines_spoken_of.remit_claim_id = upheld_reasons.remit_claim_id
            and lines_spoken_of.line_number = upheld_reasons.line_number
),

live_events as (
    select
        claim_id,
        payer_id,
        payer_rank,
        line_number,
        count(*) as live_events
    from int_event_lines
    where event_state = 'live'
    group by claim_id, payer_id, payer_rank, line_number
),

first_answers as (
    select *
    from speaking
    qualify
        row_number() over (
            partition by claim_id, payer_id, payer_rank, line_number
            order by
                case when has_ma130 and allowed_usd = 0 then 1 else 0 end,
                event_order
        ) = 1
),

deciding_answers as (
    select *
    from speaking
    where event_state = 'live'
    qualify
        row_number() over (
            partition by claim_id, payer_id, payer_rank, line_number
            order by
                case when is_duplicate_only then 1 else 0 end,
                case when allowed_usd <> 0 then 0 else 1 end,
                event_order desc
        ) = 1
),

live_sums as (
    select
        claim_id,
        payer_id,
        payer_rank,
        line_number,
        cast(sum(allowed_usd) as decimal(18, 2)) as allowed_usd,
        cast(sum(paid_usd) as decimal(18, 2)) as paid_usd
    from speaking
    where event_state = 'live'
    group by claim_id, payer_id, payer_rank, line_number
),

answers as (
    select
        first_answers.*,
        'initial' as stage,
        1 as live_events,
        first_answers.allowed_usd as stage_allowed_usd,
        first_answers.paid_usd as stage_paid_usd
    from first_answers
    union all
    select
        deciding_answers.*,
        'final' as stage,
        live_events.live_events,
        live_sums.allowed_usd as stage_allowed_usd,
        live_sums.paid_usd as stage_paid_usd
    from deciding_answers
    inner join live_sums
        on
            deciding_answers.claim_id = live_sums.claim_id
            and deciding_answers.payer_id = live_sums.payer_id
            and deciding_answers.payer_rank = live_sums.payer_rank
            and deciding_answers.line_number = live_sums.line_number
    inner join live_events
        on
            deciding_answers.claim_id = live_events.claim_id
            and deciding_answers.payer_id = live_events.payer_id
            and deciding_answers.payer_rank = live_events.payer_rank
            and deciding_answers.line_number = live_events.line_number
),

final as (
    select
        answers.claim_id,
        answers.line_number,
        answers.payer_id,
        answers.payer_rank,
        answers.stage,
        answers.remit_claim_id,
        answers.payment_date,
        answers.remit_hcpcs,
        answers.stated_paid_units,
        answers.original_units,
        answers.stated_cut_units,
        answers.denied_usd,
        answers.denial_codes,
        answers.denial_codes_with_quantity,
        answers.stated_denied_units,
        answers.reason_group,
        answers.reason_code,
        answers.reason_rarc,
        answers.reason_class,
        answers.reason_meaning,
        answers.stage_allowed_usd as allowed_usd,
        answers.stage_paid_usd as paid_usd,
        case
            when answers.has_ma130 and answers.stage_allowed_usd = 0 then 'returned'
            when
                answers.stage_allowed_usd = 0
                and answers.is_duplicate_only
                and answers.live_events > 1
                then 'duplicate'
            when answers.stage_allowed_usd = 0 and answers.reason_class = 'bundled'
                then 'bundled'
            when answers.stage_allowed_usd = 0 and answers.reason_codes > 0
                then 'denied'
            when
                answers.stage_allowed_usd = 0
                and claim_lines.charge_usd > 0
                and not answers.has_prior_payer
                then 'zero_no_reason'
            when answers.stage_allowed_usd <> 0 and answers.denied_usd > 0
                then 'partly_denied'
            else 'paid'
        end as verdict
    from answers
    inner join int_claim_lines_with_remit_additions as claim_lines
        on
            answers.claim_id = claim_lines.claim_id
            and answers.payer_id = claim_lines.payer_id
            and answers.payer_rank = claim_lines.payer_rank
            and answers.line_number = claim_lines.line_number
)

select * from final
