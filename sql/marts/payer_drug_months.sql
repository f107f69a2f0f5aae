-- what    counts and dollars a payer, drug and month, to make rates from
-- grain   one row per payer, line of business, drug, code and service month
-- key     payer_id, line_of_business, drug, hcpcs, service_month
-- reads   drug_line_outcomes, waste_ledger
-- beware  primary lines only; counts and dollars, never a rate; waste tiers in columns of their own

with

lines as (
    select
        payer_id,
        payer_name,
        line_of_business,
        coalesce(drug, 'unknown') as drug,
        coalesce(hcpcs, 'none') as hcpcs,
        cast(date_trunc('month', service_date) as date) as service_month,
        billed_units,
        charge_usd,
        allowed_usd,
        paid_usd,
        expected_allowed_usd,
        gap_usd,
        match_basis,
        shortfall_usd,
        overpaid_usd,
        payer_owed_usd,
        patient_owed_usd,
        past_window_usd,
        ask_usd,
        denied_expected_usd,
        outcome,
        initial_outcome,
        is_mature,
        -- no answer, or one that is not about coverage, is below no rate (RULES 11.1)
        initial_outcome is not null
        and initial_outcome not in (
            'open', 'returned', 'suppressed', 'duplicate', 'bundled'
        ) as is_initially_adjudicated,
        case
            -- a dropped line was adjudicated if its first answer was
            when outcome = 'closed_unpaid'
                then
                    initial_outcome is not null
                    and initial_outcome not in (
                        'open', 'returned', 'suppressed', 'duplicate', 'bundled'
                    )
            else
                outcome not in (
                    'open', 'returned', 'suppressed', 'duplicate', 'bundled'
                )
        end as is_finally_adjudicated,
        outcome in ('paid', 'partly_denied', 'denied', 'zero_no_reason')
        and expected_allowed_usd is null as is_unpriced
    from drug_line_outcomes
    where payer_rank = 'primary' and service_date is not null
),

line_months as (
    select
        payer_id,
        line_of_business,
        drug,
        hcpcs,
        service_month,
        min(payer_name) as payer_name,
        count(*) as lines,
        sum(billed_units) as billed_units,
        sum(charge_usd) as charge_usd,
        sum(allowed_usd) as allowed_usd,
        sum(paid_usd) as paid_usd,
        sum(expected_allowed_usd) as expected_allowed_usd,
        sum(shortfall_usd) as shortfall_usd,
        sum(overpaid_usd) as overpaid_usd,
        sum(payer_owed_usd) as payer_owed_usd,
        sum(patient_owed_usd) as patient_owed_usd,
        sum(past_window_usd) as past_window_usd,
        sum(ask_usd) as ask_usd,
        sum(denied_expected_usd) as denied_expected_usd,
        count(gap_usd) as compared_lines,
        sum(case when gap_usd is not null then expected_allowed_usd else 0 end)
            as compared_expected_usd,
        sum(case when gap_usd is not null then allowed_usd else 0 end)
            as compared_allowed_usd,
        count(match_basis) as matched_lines,
        count(case when shortfall_usd > 0.01 then 1 end) as short_lines,
        count(case when overpaid_usd > 0 then 1 end) as over_lines,
        count(case when is_unpriced then 1 end) as unpriced_lines,
        sum(case when is_unpriced then allowed_usd else 0 end) as unpriced_allowed_usd,
        sum(case when is_unpriced then charge_usd else 0 end) as unpriced_charge_usd,
        count(
            case
                when is_mature and initial_outcome in ('denied', 'zero_no_reason')
                    then 1
            end
        ) as initially_denied_lines,
        count(case when is_mature and is_initially_adjudicated then 1 end)
            as initially_adjudicated_lines,
        count(
            case when is_mature and outcome in ('denied', 'zero_no_reason') then 1 end
        ) as finally_denied_lines,
        count(case when is_mature and is_finally_adjudicated then 1 end)
            as finally_adjudicated_lines,
        count(case when outcome = 'open' then 1 end) as open_lines
    from lines
    group by payer_id, line_of_business, drug, hcpcs, service_month
),

waste_months as (
    select
        payer_id,
        line_of_business,
        drug,
        coalesce(hcpcs, 'none') as hcpcs,
        cast(date_trunc('month', service_date) as date) as service_month,
        sum(case when vial_evidence = 'A' then leakage_usd else 0 end)
            as leakage_administration_usd,
        sum(case when vial_evidence = 'B' then leakage_usd else 0 end)
            as leakage_ndc_usd,
        sum(case when vial_evidence = 'C' then leakage_usd else 0 end)
            as leakage_theory_usd
    from waste_ledger
    group by all
),

final as (
    select
        line_months.payer_id,
        line_months.payer_name,
        line_months.line_of_business,
        line_months.drug,
        line_months.hcpcs,
        line_months.service_month,
        line_months.lines,
        line_months.compared_lines,
        line_months.matched_lines,
        line_months.short_lines,
        line_months.over_lines,
        line_months.unpriced_lines,
        line_months.open_lines,
        line_months.initially_denied_lines,
        line_months.initially_adjudicated_lines,
        line_months.finally_denied_lines,
        line_months.finally_adjudicated_lines,
        cast(line_months.billed_units as decimal(18, 3)) as billed_units,
        cast(line_months.charge_usd as decimal(18, 2)) as charge_usd,
        cast(line_months.allowed_usd as decimal(18, 2)) as allowed_usd,
        cast(line_months.paid_usd as decimal(18, 2)) as paid_usd,
        cast(line_months.expected_allowed_usd as decimal(18, 2))
            as expected_allowed_usd,
        cast(line_months.compared_expected_usd as decimal(18, 2))
            as compared_expected_usd,
        cast(line_months.compared_allowed_usd as decimal(18, 2))
            as compared_allowed_usd,
        cast(line_months.shortfall_usd as decimal(18, 2)) as shortfall_usd,
        cast(line_months.overpaid_usd as decimal(18, 2)) as overpaid_usd,
        cast(line_months.payer_owed_usd as decimal(18, 2)) as payer_owed_usd,
        cast(line_months.patient_owed_usd as decimal(18, 2)) as patient_owed_usd,
        cast(line_months.past_window_usd as decimal(18, 2)) as past_window_usd,
        cast(line_months.ask_usd as decimal(18, 2)) as ask_usd,
        cast(line_months.denied_expected_usd as decimal(18, 2))
            as denied_expected_usd,
        cast(line_months.unpriced_allowed_usd as decimal(18, 2))
            as unpriced_allowed_usd,
        cast(line_months.unpriced_charge_usd as decimal(18, 2)) as unpriced_charge_usd,
        cast(coalesce(waste_months.leakage_administration_usd, 0) as decimal(18, 2))
            as leakage_administration_usd,
        cast(coalesce(waste_months.leakage_ndc_usd, 0) as decimal(18, 2))
            as leakage_ndc_usd,
        cast(coalesce(waste_months.leakage_theory_usd, 0) as decimal(18, 2))
            as leakage_theory_usd
    from line_months
    left join waste_months
        on
            line_months.payer_id = waste_months.payer_id
            and line_months.line_of_business = waste_months.line_of_business
            and line_months.drug = waste_months.drug
            and line_months.hcpcs = waste_months.hcpcs
            and line_months.service_month = waste_months.service_month
)

select * from final
