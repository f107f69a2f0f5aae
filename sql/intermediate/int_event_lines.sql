-- what    what one answer of a payer did to one claim line, in dollars and reasons
-- grain   one row per event that is no reversal and claim line
-- key     remit_claim_id, line_number
-- reads   int_adjustments_read, int_claim_level_amounts_spread, int_claim_lines_with_remit_additions, int_remit_events_in_order, int_remit_lines_placed, stg_835__adjustments, stg_835__interest, stg_835__remit_lines
-- beware  an event that is pended, forwarded or predetermined says nothing about money: speaks is false (RULES 4.8)

with

own_adjustments as (
    select
        remit_claim_id,
        place as remit_line_number,
        cast(sum(adjustment_usd) as decimal(18, 2)) as own_adjustments_usd
    from int_adjustments_read
    group by all
),

spread_over_lines as (
    select
        remit_claim_id,
        remit_line_number,
        cast(
            sum(
                case
                    when kind = 'adjustment' and not is_paid_on_lines then spread_usd
                    else 0
                end
            ) as decimal(18, 2)
        ) as taken_at_claim_level_usd,
        cast(
            sum(case when kind = 'interest' then spread_usd else 0 end)
            as decimal(18, 2)
        ) as interest_usd
    from int_claim_level_amounts_spread
    where remit_line_number is not null
    group by all
),

answered_lines as (
    select
        placed.remit_claim_id,
        placed.line_number,
        placed.remit_line_number,
        placed.match_method,
        row_number() over (
            partition by placed.remit_claim_id, placed.line_number
            order by placed.remit_line_number
        ) as place,
        lines.hcpcs,
        lines.paid_units,
        coalesce(lines.original_units, lines.paid_units) as original_units,
        lines.charge_usd,
        lines.allowed_reported_usd,
        lines.remark_codes,
        cast(
            lines.paid_usd - coalesce(spread_over_lines.taken_at_claim_level_usd, 0)
            as decimal(18, 2)
        ) as paid_usd,
        cast(
            coalesce(spread_over_lines.interest_usd, 0)
            + coalesce(own_interest.interest_usd, 0) as decimal(18, 2)
        ) as interest_usd,
        lines.charge_usd - lines.paid_usd
        - coalesce(own_adjustments.own_adjustments_usd, 0)
        + coalesce(spread_over_lines.taken_at_claim_level_usd, 0) = 0 as is_balanced
    from int_remit_lines_placed as placed
    inner join stg_835__remit_lines as lines
        on
            placed.remit_claim_id = lines.remit_claim_id
            and placed.remit_line_number = lines.remit_line_number
    left join own_adjustments
        on
            placed.remit_claim_id = own_adjustments.remit_claim_id
            and placed.remit_line_number = own_adjustments.remit_line_number
    left join spread_over_lines
        on
            placed.remit_claim_id = spread_over_lines.remit_claim_id
            and placed.remit_line_number = spread_over_lines.remit_line_number
    left join stg_835__interest as own_interest
        on
            placed.remit_claim_id = own_interest.remit_claim_id
            and placed.remit_line_number = own_interest.place
    where placed.line_number is not null
),

claim_adjustments as (
    select
        remit_claim_id,
        sum(adjustment_usd) as adjustments_usd
    from stg_835__adjustments
    group by remit_claim_id
),

amounts_of_lines as (
    select
        remit_claim_id,
        line_number,
        max(match_method) as match_method,
        max(case when place = 1 then hcpcs end) as remit_hcpcs,
        case when count(paid_units) = count(*) then sum(paid_units) end as paid_units,
        case when count(original_units) = count(*) then sum(original_units) end
            as original_units,
        sum(charge_usd) as charge_usd,
        sum(paid_usd) as paid_usd,
        sum(interest_usd) as interest_usd,
        sum(allowed_reported_usd) as allowed_reported_usd,
        min(is_balanced) as is_balanced,
        max(
            case when ' ' || remark_codes || ' ' like '% MA130 %' then 1 else 0 end
        ) = 1 as has_ma130
    from answered_lines
    group by remit_claim_id, line_number
    union all
    select
        spread.remit_claim_id,
        spread.line_number,
        'claim_level' as match_method,
        cast(null as varchar) as remit_hcpcs,
        cast(null as decimal(18, 3)) as paid_units,
        cast(null as decimal(18, 3)) as original_units,
        cast(0 as decimal(18, 2)) as charge_usd,
        sum(case when spread.kind = 'payment' then spread.spread_usd else 0 end)
            as paid_usd,
        sum(case when spread.kind = 'interest' then spread.spread_usd else 0 end)
            as interest_usd,
        cast(null as decimal(18, 2)) as allowed_reported_usd,
        min(
            events.charge_usd - coalesce(claim_adjustments.adjustments_usd, 0)
            = events.paid_usd
        ) as is_balanced,
        false as has_ma130
    from int_claim_level_amounts_spread as spread
    inner join int_remit_events_in_order as events
        on spread.remit_claim_id = events.remit_claim_id
    left join claim_adjustments
        on spread.remit_claim_id = claim_adjustments.remit_claim_id
    where spread.remit_line_number is null
    group by spread.remit_claim_id, spread.line_number
),

adjustments as (
    select
        remit_claim_id,
        line_number,
        sum(case when effect = 'patient' then adjustment_usd else 0 end) as patient_usd,
        sum(
            case
                when effect = 'patient' and reason_code = '1' then adjustment_usd
                else 0
            end
        ) as deductible_usd,
        sum(
            case
                when effect = 'patient' and reason_code = '2' then adjustment_usd
                else 0
            end
        ) as coinsurance_usd,
        sum(
            case
                when effect = 'patient' and reason_code = '3' then adjustment_usd
                else 0
            end
        ) as copay_usd,
        sum(case when effect = 'payment_only' then adjustment_usd else 0 end)
            as payment_only_usd,
        sum(
            case
                when
                    effect = 'payment_only' and reason_code in ('253', '223')
                    then adjustment_usd
                else 0
            end
        ) as sequestration_usd,
        sum(case when effect = 'paid_to_patient' then adjustment_usd else 0 end)
            as paid_to_patient_usd,
        sum(case when effect = 'prior_payer' then adjustment_usd else 0 end)
            as prior_payer_usd,
        sum(
            case
                when
                    effect = 'reduces_allowed'
                    and group_code = 'PR'
                    and reason_code = '45'
                    then adjustment_usd
                else 0
            end
        ) as balance_bill_usd,
        sum(
            case
                when is_reason and counts_as_denial = 'yes' then adjustment_usd
                else 0
            end
        ) as denied_usd,
        sum(
            case when is_reason and counts_as_denial = 'yes' then quantity end
        ) as stated_denied_units,
        count(case when is_reason and counts_as_denial = 'yes' then 1 end)
            as denial_codes,
        count(
            case when is_reason and counts_as_denial = 'yes' then quantity end
        ) as denial_codes_with_quantity,
        sum(quantity) as stated_cut_units,
        count(case when is_reason then 1 end) as reason_codes,
        count(case when reason_code in ('18', 'B13') then 1 end) as duplicate_codes,
        count(case when denial_class <> 'contractual' then 1 end)
            as codes_beyond_contract,
        max(case when effect = 'prior_payer' then 1 else 0 end) = 1 as has_prior_payer,
        max(
            case
                when
                    is_at_claim_level
                    and effect = 'reduces_allowed'
                    and adjustment_usd <> 0
                    then 1
                else 0
            end
        ) = 1 as has_claim_level_cut,
        max(case when reason_code = '193' then 1 else 0 end) = 1 as is_upheld,
        max(case when denial_class in ('pend', 'forward') then 1 else 0 end) = 1
            as is_pended_or_forwarded
    from int_adjustments_read
    group by remit_claim_id, line_number
),

primary_reasons as (
    select *
    from int_adjustments_read
    where is_reason
    qualify
        row_number() over (
            partition by remit_claim_id, line_number
            order by
                abs(adjustment_usd) desc, precedence, adjustment_number asc, place asc
        ) = 1
),

final as (
    select
        events.claim_id,
        events.payer_id,
        events.payer_rank,
        events.remit_claim_id,
        events.event_order,
        events.event_state,
        events.payment_date,
        events.filing_code,
        amounts.line_number,
        amounts.match_method,
        amounts.remit_hcpcs,
        cast(amounts.paid_units as decimal(18, 3)) as stated_paid_units,
        cast(amounts.original_units as decimal(18, 3)) as original_units,
        cast(
            case
                when amounts.match_method = 'claim_level' then claim_lines.charge_usd
                else amounts.charge_usd
            end as decimal(18, 2)
        ) as charge_usd,
        cast(amounts.paid_usd as decimal(18, 2)) as paid_usd,
        cast(coalesce(adjustments.patient_usd, 0) as decimal(18, 2)) as patient_usd,
        cast(coalesce(adjustments.deductible_usd, 0) as decimal(18, 2))
            as deductible_usd,
        cast(coalesce(adjustments.coinsurance_usd, 0) as decimal(18, 2))
            as coinsurance_usd,
        cast(coalesce(adjustments.copay_usd, 0) as decimal(18, 2)) as copay_usd,
        cast(coalesce(adjustments.payment_only_usd, 0) as decimal(18, 2))
            as payment_only_usd,
        cast(coalesce(adjustments.sequestration_usd, 0) as decimal(18, 2))
            as sequestration_usd,
        cast(coalesce(adjustments.paid_to_patient_usd, 0) as decimal(18, 2))
            as paid_to_patient_usd,
        cast(coalesce(adjustments.prior_payer_usd, 0) as decimal(18, 2))
            as prior_payer_usd,
        cast(coalesce(adjustments.balance_bill_usd, 0) as decimal(18, 2))
            as balance_bill_usd,
        cast(amounts.interest_usd as decimal(18, 2)) as interest_usd,
        cast(amounts.allowed_reported_usd as decimal(18, 2)) as allowed_reported_usd,
        cast(coalesce(adjustments.denied_usd, 0) as decimal(18, 2)) as denied_usd,
        cast(adjustments.stated_denied_units as decimal(18, 3)) as stated_denied_units,
        coalesce(adjustments.denial_codes, 0) as denial_codes,
        coalesce(adjustments.denial_codes_with_quantity, 0)
            as denial_codes_with_quantity,
        cast(adjustments.stated_cut_units as decimal(18, 3)) as stated_cut_units,
        coalesce(adjustments.reason_codes, 0) as reason_codes,
        coalesce(adjustments.duplicate_codes, 0) as duplicate_codes,
        coalesce(adjustments.duplicate_codes, 0) > 0
        and adjustments.codes_beyond_contract = adjustments.duplicate_codes
            as is_duplicate_only,
        coalesce(adjustments.has_prior_payer, false) as has_prior_payer,
        coalesce(adjustments.is_upheld, false) as is_upheld,
        coalesce(adjustments.has_claim_level_cut, false) as has_claim_level_cut,
        events.is_for_replaced_claim,
        amounts.has_ma130 or ' ' || events.remark_codes || ' ' like '% MA130 %'
            as has_ma130,
        amounts.is_balanced,
        coalesce(events.status_code, '') not in ('23', '25')
        and not coalesce(adjustments.is_pended_or_forwarded, false) as speaks,
        primary_reasons.group_code as reason_group,
        primary_reasons.reason_code,
        primary_reasons.rarc as reason_rarc,
        primary_reasons.denial_class as reason_class,
        primary_reasons.denial_reason as reason_meaning,
        cast(
            amounts.paid_usd + coalesce(adjustments.patient_usd, 0)
            + coalesce(adjustments.payment_only_usd, 0)
            + coalesce(adjustments.paid_to_patient_usd, 0) as decimal(18, 2)
        ) as allowed_usd
    from amounts_of_lines as amounts
    inner join int_remit_events_in_order as events
        on amounts.remit_claim_id = events.remit_claim_id
    inner join int_claim_lines_with_remit_additions as claim_lines
        on
            events.claim_id = claim_lines.claim_id
            and events.payer_id = claim_lines.payer_id
            and events.payer_rank = claim_lines.payer_rank
            and amounts.line_number = claim_lines.line_number
    left join adjustments
        on
            amounts.remit_claim_id = adjustments.remit_claim_id
            and amounts.line_number = adjustments.line_number
    left join primary_reasons
        on
            amounts.remit_claim_id = primary_reasons.remit_claim_id
            and amounts.line_number = primary_reasons.line_number
)

select * from final
