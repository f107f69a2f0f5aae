-- what    drug thrown away: what could have been billed, was billed, was refused
-- grain   one row per patient, billing provider, service date and drug
-- key     claim_id, service_date, drug
-- reads   int_treatments_with_expected_waste, int_waste_units_at_rate, int_lines_with_policy, int_line_outcomes_net_of_reversals
-- beware  never add rows of different vial_evidence into one figure

with

treatments as (
    select
        treatments.*,
        outcomes.payer_name,
        outcomes.line_of_business,
        policies.pays_waste,
        policies.requires_jw,
        policies.requires_jz,
        policies.policy_source,
        treatments.is_priced_at_rate
        and treatments.method <> 'pct_of_charge' as has_unit_price,
        coalesce(
            treatments.billed_waste_units > treatments.expected_waste_units, false
        ) as is_overbilled
    from int_treatments_with_expected_waste as treatments
    inner join int_line_outcomes_net_of_reversals as outcomes
        on
            treatments.claim_id = outcomes.claim_id
            and treatments.line_number = outcomes.line_number
            and treatments.payer_id = outcomes.payer_id
            and outcomes.payer_rank = 'primary'
    left join int_lines_with_policy as policies
        on
            treatments.claim_id = policies.claim_id
            and treatments.line_number = policies.line_number
            and treatments.payer_id = policies.payer_id
            and policies.payer_rank = 'primary'
),

found as (
    select
        *,
        case
            when has_package and not has_single_dose then 'not_billable'
            when not has_package then 'no_package_known'
            when pays_waste is null then 'policy_unknown'
            when pays_waste = 'no' then 'not_paid_by_policy'
            when
                has_jw_and_jz
                or (has_jz and vial_evidence = 'B' and missed_units > 0)
                then 'modifier_conflict'
            when requires_jz = 'yes' and waste_lines = 0 and not has_jz
                then 'modifier_missing'
            when
                requires_jw = 'yes'
                and waste_lines = 0
                and not has_jz
                and expected_waste_units > 0
                then 'modifier_missing'
            when missed_units > 0 and not has_jz then 'missed'
            when has_denied_waste then 'denied'
            when short_paid_usd > 0 then 'short_paid'
            when is_overbilled then 'overbilled'
            when has_jz and vial_evidence = 'C' and missed_units > 0
                then 'jz_attested'
            else 'clean'
        end as finding
    from treatments
),

dollars as (
    select
        claim_id,
        line_number,
        payer_id,
        max(case when candidate = 'missed' then at_rate_usd end) as missed_usd,
        max(case when candidate = 'expected' then at_rate_usd end)
            as expected_waste_usd,
        max(case when candidate = 'overbilled' then at_rate_usd end)
            as overbilled_value_usd
    from int_waste_units_at_rate
    group by claim_id, line_number, payer_id
),

valued as (
    select
        found.*,
        dollars.missed_usd,
        dollars.expected_waste_usd,
        dollars.overbilled_value_usd
    from found
    left join dollars
        on
            found.claim_id = dollars.claim_id
            and found.line_number = dollars.line_number
            and found.payer_id = dollars.payer_id
),

final as (
    select
        claim_id,
        claim_ids,
        payer_id,
        payer_name,
        'primary' as payer_rank,
        line_of_business,
        patient_key,
        billing_id,
        service_date,
        drug,
        hcpcs,
        administered_units,
        cast(null as decimal(18, 3)) as recorded_administered_units,
        billed_waste_units,
        expected_waste_units,
        missed_units,
        avoidable_units,
        vial_evidence,
        finding,
        cast(
            case
                when
                    finding in (
                        'policy_unknown',
                        'not_paid_by_policy',
                        'not_billable',
                        'no_package_known'
                    )
                    then 0
                when finding = 'jz_attested' then null
                when missed_units = 0 then 0
                else missed_usd
            end as decimal(18, 2)
        ) as leakage_usd,
        denied_usd,
        short_paid_usd,
        cast(
            case
                when not has_single_dose then 0
                when not is_overbilled then 0
                else overbilled_value_usd
            end as decimal(18, 2)
        ) as overbilled_usd,
        cast(
            case
                when finding <> 'not_paid_by_policy' then 0
                when expected_waste_units = 0 then 0
                else expected_waste_usd
            end as decimal(18, 2)
        ) as structural_usd,
        cast(
            case
                when finding <> 'policy_unknown' then 0
                when missed_units = 0 then 0
                else missed_usd
            end as decimal(18, 2)
        ) as policy_unknown_usd,
        case
            when finding = 'no_package_known'
                then 'not compared: no package on file for this drug'
            when finding = 'not_billable'
                then 'not compared: only multi-dose packages, waste is not billable'
            when administered_mg <= 0
                then 'not compared: no dose is billed on that day'
            when vial_evidence is null
                then 'not compared: dose beyond the vial sets computed'
            when not coalesce(has_unit_price, false)
                then 'counted in units, not in dollars: ' || pricing_basis
            when finding = 'jz_attested'
                then
                    'not valued: JZ attests no waste, the least-waste set would leave '
                    || cast(missed_units as varchar) || ' units'
            when vial_evidence = 'B'
                then
                    'vials from the NDC quantity, '
                    || cast(cast(vial_mg as decimal(18, 3)) as varchar)
                    || ' mg opened, least-waste set '
                    || cast(cast(least_waste_mg as decimal(18, 3)) as varchar) || ' mg'
            else
                'vials not stated; the least-waste set for the dose is '
                || cast(cast(least_waste_mg as decimal(18, 3)) as varchar) || ' mg'
        end as waste_basis
    from valued
)

select * from final
