-- what    every billed line with what its live events add up to, its price, and its own outcome
-- grain   one row per claim line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_claim_lines_with_remit_additions, int_drug_lines_identified, int_lines_answered_first_and_last, int_lines_priced_at_contract, int_lines_summed_over_live_events, int_lines_with_business, int_paid_units_on_evidence, raw_site
-- beware  own_outcome is the line's alone: lines paid together are told in int_lines_paid_together (RULES 6)

with

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
        -- split over the lines by us, not by the payer
        coalesce(
            live_sums.match_method = 'claim_level' or live_sums.has_claim_level_cut,
            false
        ) as is_answered_as_whole,
        coalesce(live_sums.is_for_replaced_claim, false) as is_for_replaced_claim,
        live_sums.allowed_reported_usd,
        live_sums.is_balanced,
        drug_lines.drug,
        live_sums.match_method,
        business.line_of_business,
        prices.row_id,
        prices.term_id,
        prices.contract_id,
        prices.clause,
        prices.method,
        prices.rate,
        prices.sequestration,
        prices.price_source,
        prices.unit_price_usd,
        prices.percent_fraction,
        prices.coinsurance_fraction,
        prices.opps_copayment_usd,
        prices.cap,
        prices.ceiling_usd,
        prices.is_priced_at_rate,
        prices.term_outcome,
        prices.expected_allowed_usd,
        prices.charge_limited_usd,
        prices.lag_effect_usd,
        coalesce(prices.pricing_basis, 'not priced: not the primary payer')
            as pricing_basis,
        last_answers.verdict as last_verdict,
        last_answers.payment_date as decided_date,
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
        paid_units.paid_units,
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
    left join int_lines_summed_over_live_events as live_sums
        on
            claim_lines.claim_id = live_sums.claim_id
            and claim_lines.line_number = live_sums.line_number
            and claim_lines.payer_id = live_sums.payer_id
            and claim_lines.payer_rank = live_sums.payer_rank
    left join last_answers
        on
            claim_lines.claim_id = last_answers.claim_id
            and claim_lines.line_number = last_answers.line_number
            and claim_lines.payer_id = last_answers.payer_id
            and claim_lines.payer_rank = last_answers.payer_rank
    left join int_paid_units_on_evidence as paid_units
        on
            claim_lines.claim_id = paid_units.claim_id
            and claim_lines.line_number = paid_units.line_number
            and claim_lines.payer_id = paid_units.payer_id
            and claim_lines.payer_rank = paid_units.payer_rank
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

final as (
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
        end as own_initial_outcome
    from lines
)

select * from final
