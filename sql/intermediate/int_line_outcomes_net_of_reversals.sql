-- what    every billed line after its events: dollars, first and last answer, expected
-- grain   one row per claim line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_claim_lines_with_remit_additions, int_drug_lines_identified, int_event_lines, int_lines_answered_first_and_last, int_lines_priced_at_contract, int_lines_with_business, raw_site
-- beware  only live events that speak about money are summed; a reversed payment is in none (RULES 6)

with

live_sums as (
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        min(payment_date) as first_paid_date,
        max(payment_date) as last_paid_date,
        max(case when allowed_usd <> 0 then payment_date end) as last_money_date,
        max(case when has_claim_level_cut then 1 else 0 end) = 1
            as has_claim_level_cut,
        max(case when is_for_replaced_claim then 1 else 0 end) = 1
            as is_for_replaced_claim,
        sum(allowed_usd) as allowed_usd,
        cast(sum(allowed_reported_usd) as decimal(18, 2)) as allowed_reported_usd,
        sum(paid_usd) as paid_usd,
        sum(patient_usd) as patient_usd,
        sum(deductible_usd) as deductible_usd,
        sum(coinsurance_usd) as coinsurance_usd,
        sum(copay_usd) as copay_usd,
        sum(payment_only_usd) as payment_only_usd,
        sum(sequestration_usd) as sequestration_usd,
        sum(paid_to_patient_usd) as paid_to_patient_usd,
        sum(prior_payer_usd) as prior_payer_usd,
        sum(interest_usd) as interest_usd,
        sum(balance_bill_usd) as balance_bill_usd,
        min(is_balanced) as is_balanced
    from int_event_lines
    where event_state = 'live' and speaks
    group by claim_id, line_number, payer_id, payer_rank
),

last_matches as (
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        match_method
    from int_event_lines
    where event_state = 'live'
    qualify
        row_number() over (
            partition by claim_id, line_number, payer_id, payer_rank
            order by case when speaks then 0 else 1 end, event_order desc
        ) = 1
),

first_answers as (
    select * from int_lines_answered_first_and_last
    where stage = 'initial'
),

last_answers as (
    select * from int_lines_answered_first_and_last
    where stage = 'final'
),

lines as (
    select
        claim_lines.*,
        live_sums.first_paid_date,
        live_sums.last_paid_date,
        live_sums.last_money_date,
        coalesce(live_sums.has_claim_level_cut, false) as has_claim_level_cut,
        coalesce(live_sums.is_for_replaced_claim, false) as is_for_replaced_claim,
        live_sums.allowed_reported_usd,
        live_sums.is_balanced,
        drug_lines.drug,
        last_matches.match_method,
        business.line_of_business,
        prices.term_id,
        prices.contract_id,
        prices.clause,
        prices.method,
        prices.sequestration,
        prices.unit_price_usd,
        prices.percent_fraction,
        prices.coinsurance_fraction,
        prices.is_priced_at_rate,
        prices.term_outcome,
        prices.expected_allowed_usd,
        prices.charge_limited_usd,
        coalesce(prices.pricing_basis, 'not priced: not the primary payer')
            as pricing_basis,
        last_answers.verdict as last_verdict,
        last_answers.remit_hcpcs,
        last_answers.stated_paid_units,
        last_answers.original_units,
        last_answers.stated_cut_units,
        last_answers.denied_usd as denied_charge_usd,
        last_answers.denial_codes,
        last_answers.denial_codes_with_quantity,
        last_answers.stated_denied_units,
        last_answers.reason_group,
        last_answers.reason_code,
        last_answers.reason_rarc,
        last_answers.reason_class,
        last_answers.reason_meaning,
        first_answers.verdict as first_verdict,
        first_answers.allowed_usd as initial_allowed_usd,
        first_answers.paid_usd as initial_paid_usd,
        first_answers.reason_class as first_reason_class,
        raw_site.as_of,
        datediff(
            'day',
            coalesce(claim_lines.submitted_date, claim_lines.service_date),
            raw_site.as_of
        ) as age_days,
        raw_site.maturity_days,
        cast(coalesce(live_sums.allowed_usd, 0) as decimal(18, 2)) as allowed_usd,
        cast(coalesce(live_sums.paid_usd, 0) as decimal(18, 2)) as paid_usd,
        cast(coalesce(live_sums.patient_usd, 0) as decimal(18, 2)) as patient_usd,
        cast(coalesce(live_sums.deductible_usd, 0) as decimal(18, 2))
            as deductible_usd,
        cast(coalesce(live_sums.coinsurance_usd, 0) as decimal(18, 2))
            as coinsurance_usd,
        cast(coalesce(live_sums.copay_usd, 0) as decimal(18, 2)) as copay_usd,
        cast(
            coalesce(
                live_sums.patient_usd - live_sums.deductible_usd
                - live_sums.coinsurance_usd - live_sums.copay_usd, 0
            ) as decimal(18, 2)
        ) as patient_other_usd,
        cast(coalesce(live_sums.payment_only_usd, 0) as decimal(18, 2))
            as payment_only_usd,
        cast(coalesce(live_sums.sequestration_usd, 0) as decimal(18, 2))
            as sequestration_usd,
        cast(coalesce(live_sums.paid_to_patient_usd, 0) as decimal(18, 2))
            as paid_to_patient_usd,
        cast(coalesce(live_sums.prior_payer_usd, 0) as decimal(18, 2))
            as prior_payer_usd,
        cast(coalesce(live_sums.interest_usd, 0) as decimal(18, 2)) as interest_usd,
        cast(coalesce(live_sums.balance_bill_usd, 0) as decimal(18, 2))
            as balance_bill_usd
    from int_claim_lines_with_remit_additions as claim_lines
    inner join int_lines_with_business as business
        on
            claim_lines.claim_id = business.claim_id
            and claim_lines.line_number = business.line_number
            and claim_lines.payer_id = business.payer_id
            and claim_lines.payer_rank = business.payer_rank
            and business.candidate = 1
    left join int_drug_lines_identified as drug_lines
        on
            claim_lines.claim_id = drug_lines.claim_id
            and claim_lines.line_number = drug_lines.line_number
            and claim_lines.payer_id = drug_lines.payer_id
            and claim_lines.payer_rank = drug_lines.payer_rank
    left join live_sums
        on
            claim_lines.claim_id = live_sums.claim_id
            and claim_lines.line_number = live_sums.line_number
            and claim_lines.payer_id = live_sums.payer_id
            and claim_lines.payer_rank = live_sums.payer_rank
    left join last_matches
        on
            claim_lines.claim_id = last_matches.claim_id
            and claim_lines.line_number = last_matches.line_number
            and claim_lines.payer_id = last_matches.payer_id
            and claim_lines.payer_rank = last_matches.payer_rank
    left join last_answers
        on
            claim_lines.claim_id = last_answers.claim_id
            and claim_lines.line_number = last_answers.line_number
            and claim_lines.payer_id = last_answers.payer_id
            and claim_lines.payer_rank = last_answers.payer_rank
    left join first_answers
        on
            claim_lines.claim_id = first_answers.claim_id
            and claim_lines.line_number = first_answers.line_number
            and claim_lines.payer_id = first_answers.payer_id
            and claim_lines.payer_rank = first_answers.payer_rank
    left join int_lines_priced_at_contract as prices
        on
            claim_lines.claim_id = prices.claim_id
            and claim_lines.line_number = prices.line_number
            and claim_lines.payer_id = prices.payer_id
            and claim_lines.payer_rank = 'primary'
    cross join raw_site
),

with_own_outcome as (
    select
        *,
        case
            when line_state in ('dropped', 'voided') then 'closed_unpaid'
            when last_verdict is null then 'open'
            when last_verdict = 'returned' then 'returned'
            else coalesce(term_outcome, last_verdict)
        end as own_outcome,
        case
            when first_verdict is null or first_verdict = 'returned'
                then first_verdict
            else coalesce(term_outcome, first_verdict)
        end as own_initial_outcome,
        case
            when
                stated_paid_units is null
                or billed_units is null
                or coalesce(hcpcs, '') <> coalesce(remit_hcpcs, '')
                then null
            when original_units = billed_units then stated_paid_units
            when stated_cut_units = billed_units - stated_paid_units
                then stated_paid_units
            when
                unit_price_usd is not null
                and cast(
                    cast(
                        cast(stated_paid_units as decimal(19, 3)) * unit_price_usd
                        as decimal(28, 9)
                    ) * percent_fraction as decimal(18, 2)
                ) = allowed_usd
                then stated_paid_units
        end as paid_units
    from lines
),

-- a claim answered without lines is compared as a whole: its split over lines is ours
whole_claims as (
    select
        claim_id,
        payer_id,
        count(expected_allowed_usd) = count(*)
        and min(case when own_outcome = 'paid' then 1 else 0 end) = 1
        and coalesce(
            abs(sum(expected_allowed_usd - allowed_usd)) <= 0.01 * count(*), false
        ) as is_whole_match
    from with_own_outcome
    where
        payer_rank = 'primary'
        and (match_method = 'claim_level' or has_claim_level_cut)
    group by claim_id, payer_id
    having
        count(*) > 1
        and not coalesce(
            count(expected_allowed_usd) = count(*)
            and max(abs(expected_allowed_usd - allowed_usd)) <= 0.01, false
        )
),

with_wholes as (
    select
        with_own_outcome.*,
        coalesce(whole_claims.is_whole_match, false) as is_whole_match,
        not coalesce(whole_claims.is_whole_match, true) as is_whole_split
    from with_own_outcome
    left join whole_claims
        on
            with_own_outcome.claim_id = whole_claims.claim_id
            and with_own_outcome.payer_id = whole_claims.payer_id
            and with_own_outcome.payer_rank = 'primary'
            and (
                with_own_outcome.match_method = 'claim_level'
                or with_own_outcome.has_claim_level_cut
            )
),

-- an administered and a waste line paid as one: together they are at contract
pairs as (
    select
        claim_id,
        payer_id,
        payer_rank,
        service_date,
        drug
    from with_wholes
    where
        payer_rank = 'primary'
        and drug is not null
        and expected_allowed_usd is not null
        and coalesce(is_balanced, true)
        and prior_payer_usd = 0
        and own_outcome in ('paid', 'zero_no_reason', 'bundled')
        and not is_whole_match
        and not is_whole_split
    group by claim_id, payer_id, payer_rank, service_date, drug
    having
        count(*) > 1
        and max(case when own_outcome = 'paid' then 1 else 0 end) = 1
        and max(abs(expected_allowed_usd - allowed_usd)) > 0.01
        and abs(sum(expected_allowed_usd - allowed_usd)) <= 0.01 * count(*)
),

with_pairs as (
    select
        with_wholes.*,
        pairs.claim_id is not null
        and with_wholes.expected_allowed_usd is not null
        and coalesce(with_wholes.is_balanced, true)
        and with_wholes.prior_payer_usd = 0
        and with_wholes.own_outcome in ('paid', 'zero_no_reason', 'bundled')
        and not with_wholes.is_whole_match
        and not with_wholes.is_whole_split
            as is_pair
    from with_wholes
    left join pairs
        on
            with_wholes.claim_id = pairs.claim_id
            and with_wholes.payer_id = pairs.payer_id
            and with_wholes.payer_rank = pairs.payer_rank
            and with_wholes.service_date = pairs.service_date
            and with_wholes.drug = pairs.drug
),

with_outcome as (
    select
        *,
        case when is_pair then 'paid' else own_outcome end as outcome,
        case
            when is_pair and own_initial_outcome in ('zero_no_reason', 'bundled')
                then 'paid'
            else own_initial_outcome
        end as initial_outcome
    from with_pairs
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
