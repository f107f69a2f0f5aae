-- what    every billed line after its events: dollars, first and last answer, expected
-- grain   one row per claim line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_lines_with_own_outcome, int_lines_paid_together
-- beware  only live events that speak about money are summed; a reversed payment is in none (RULES 6)

with

lines as (
    select
        own.*,
        coalesce(together.is_whole_match, false) as is_whole_match,
        coalesce(together.is_whole_split, false) as is_whole_split,
        coalesce(together.is_cap_match, false) as is_cap_match,
        coalesce(together.is_pair, false) as is_pair
    from int_lines_with_own_outcome as own
    left join int_lines_paid_together as together
        on
            own.claim_id = together.claim_id
            and own.line_number = together.line_number
            and own.payer_id = together.payer_id
            and own.payer_rank = 'primary'
),

with_outcome as (
    select
        *,
        case when is_pair or is_cap_match then 'paid' else own_outcome end as outcome,
        case
            when
                (is_pair or is_cap_match)
                and own_initial_outcome in ('zero_no_reason', 'bundled')
                then 'paid'
            else own_initial_outcome
        end as initial_outcome
    from lines
),

final as (
    select
        * exclude (
            reason_group, reason_code, reason_rarc, reason_class, reason_meaning
        ),
        case
            when outcome in ('bundled', 'denied', 'partly_denied')
                then
                    reason_group || '-' || reason_code
                    || coalesce(' ' || reason_rarc, '')
        end as final_reason,
        case
            when outcome = 'zero_no_reason' then 'provider'
            when outcome not in ('bundled', 'denied', 'partly_denied') then null
            when reason_group = 'PR' then 'patient'
            when reason_group in ('CO', 'PI') then 'provider'
            else 'other'
        end as liability,
        case
            when outcome = 'zero_no_reason' then 'unmapped'
            when outcome in ('bundled', 'denied', 'partly_denied') then reason_class
        end as denial_class,
        case
            when outcome in ('bundled', 'denied', 'partly_denied') then reason_meaning
        end as denial_reason,
        case
            when initial_outcome = 'zero_no_reason' then 'unmapped'
            when
                initial_outcome in ('bundled', 'denied', 'partly_denied')
                then first_reason_class
        end as initial_denial_class,
        age_days > maturity_days as is_mature,
        case when outcome = 'open' then age_days end as open_days
    from with_outcome
)

select * from final
