-- what    drug thrown away: what could have been billed, was billed, was refused
-- grain   one row per patient, billing provider, service date and drug
-- key     claim_id, service_date, drug
-- reads   int_treatments_with_expected_waste, int_waste_units_at_rate, int_avoidable_vials_at_rate, int_waste_secondary_payers, int_lines_with_policy, int_line_outcomes_net_of_reversals
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
        treatments.is_priced_at_rate
        and treatments.method <> 'pct_of_charge' as has_unit_price,
        coalesce(
            treatments.billed_waste_units > treatments.expected_waste_units, false
        ) as is_overbilled,
        case
            when
                treatments.is_not_paid_apart
                or (treatments.has_package and not treatments.has_single_dose)
                then 'not_billable'
            when not treatments.has_package then 'no_package_known'
        end as no_waste_finding
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

-- a secondary payer is asked where the primary payer does not pay waste, or nobody
-- knows whether it does (RULES 10.10)
asked as (
    select
        treatments.* exclude (pays_waste, requires_jw, requires_jz),
        secondary.payer_id is not null as is_secondary,
        secondary.payer_id as secondary_payer_id,
        secondary.payer_name as secondary_payer_name,
        secondary.line_of_business as secondary_line_of_business,
        coalesce(secondary.pays_waste, treatments.pays_waste) as pays_waste,
        case
            when secondary.payer_id is null then treatments.requires_jw
            else secondary.requires_jw
        end as requires_jw,
        case
            when secondary.payer_id is null then treatments.requires_jz
            else secondary.requires_jz
        end as requires_jz
    from treatments
    left join int_waste_secondary_payers as secondary
        on
            treatments.claim_id = secondary.claim_id
            and treatments.line_number = secondary.line_number
            and treatments.administered_lines > 0
            and treatments.no_waste_finding is null
            and coalesce(treatments.pays_waste, 'no') = 'no'
),

found as (
    select
        *,
        case
            when no_waste_finding is not null then no_waste_finding
            when pays_waste is null then 'policy_unknown'
            when pays_waste = 'no' then 'not_paid_by_policy'
            when
                has_jw_and_jz
                or (has_jz and vial_evidence in ('A', 'B') and missed_units > 0)
                then 'modifier_conflict'
            when requires_jz = 'yes' and waste_lines = 0 and not has_jz
                then 'modifier_missing'
            when
                requires_jw = 'yes'
                and waste_lines = 0
                and not has_jz
                and expected_waste_units > 0
                then 'modifier_missing'
            -- waste billed inside the administered line
            when
                vial_evidence = 'A'
                and waste_lines = 0
                and not has_jz
                and expected_waste_units > 0
                and administered_units > recorded_administered_units
                then 'modifier_missing'
            when missed_units > 0 and not has_jz then 'missed'
            when has_denied_waste then 'denied'
            when short_paid_usd > 0 then 'short_paid'
            when is_overbilled then 'overbilled'
            when has_jz and vial_evidence = 'C' and missed_units > 0
                then 'jz_attested'
            else 'clean'
        end as finding
    from asked
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
        dollars.overbilled_value_usd,
        avoidable.at_rate_usd as avoidable_cost_usd
    from found
    left join dollars
        on
            found.claim_id = dollars.claim_id
            and found.line_number = dollars.line_number
            and found.payer_id = dollars.payer_id
    left join int_avoidable_vials_at_rate as avoidable
        on
            found.claim_id = avoidable.claim_id
            and found.line_number = avoidable.line_number
            and found.payer_id = avoidable.payer_id
),

in_words as (
    select
        *,
        case
            when finding = 'no_package_known'
                then 'not compared: no package on file for this drug'
            when is_not_paid_apart
                then
                    'not compared: the drug is not paid apart, its waste is not'
                    || ' billable; ' || pricing_basis
            when finding = 'not_billable'
                then 'not compared: only multi-dose packages, waste is not billable'
            when administered_mg <= 0
                then 'not compared: no dose is billed on that day'
            when vial_evidence is null
                then 'not compared: dose beyond the vial sets computed'
            when is_secondary
                then
                    'counted in units, not in dollars: the payer that pays for waste'
                    || ' is secondary, and only primary lines have a price'
            when not coalesce(has_unit_price, false)
                then 'counted in units, not in dollars: ' || pricing_basis
            when finding = 'jz_attested'
                then
                    'not valued: JZ attests no waste, the least-waste set would leave '
                    || cast(missed_units as varchar) || ' units'
            when vial_evidence in ('A', 'B')
                then
                    case vial_evidence
                        when 'A' then 'vials from the administration record, '
                        else 'vials from the NDC quantity, '
                    end
                    || cast(cast(vial_mg as decimal(18, 3)) as varchar)
                    || ' mg opened, least-waste set '
                    || cast(cast(least_waste_mg as decimal(18, 3)) as varchar) || ' mg'
            else
                'vials not stated; the least-waste set for the dose is '
                || cast(cast(least_waste_mg as decimal(18, 3)) as varchar) || ' mg'
        end
        || case
            when has_overfill and vial_evidence is not null
                then
                    '; a floor: what the label delivers is counted, not what the vial'
                    || ' holds'
            else ''
        end
        || case
            when is_record_in_doubt
                then
                    '; the administration record ('
                    || cast(
                        cast(recorded_administered_units as decimal(18, 0)) as varchar
                    )
                    || ' units) and the claim ('
                    || regexp_replace(
                        regexp_replace(cast(administered_units as varchar), '0+$', ''),
                        '[.]$', ''
                    )
                    || ' units) disagree'
            else ''
        end as waste_basis
    from valued
),

final as (
    select
        claim_id,
        claim_ids,
        coalesce(secondary_payer_id, payer_id) as payer_id,
        case when is_secondary then secondary_payer_name else payer_name end
            as payer_name,
        case when is_secondary then 'secondary' else 'primary' end as payer_rank,
        case when is_secondary then secondary_line_of_business else line_of_business end
            as line_of_business,
        patient_key,
        billing_id,
        service_date,
        drug,
        hcpcs,
        administered_units,
        recorded_administered_units,
        billed_waste_units,
        expected_waste_units,
        missed_units,
        avoidable_units,
        cast(
            case when vial_evidence in ('A', 'B') then vial_mg end as decimal(18, 6)
        ) as actual_vial_mg,
        cast(
            case when vial_evidence is not null then least_waste_mg end
            as decimal(18, 6)
        ) as least_waste_mg,
        vial_evidence,
        finding,
        cast(
            case
                when is_secondary then null
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
        cast(case when not is_secondary then denied_usd end as decimal(18, 2))
            as denied_usd,
        cast(case when not is_secondary then short_paid_usd end as decimal(18, 2))
            as short_paid_usd,
        cast(
            case
                when is_secondary then null
                when not has_single_dose then 0
                when not is_overbilled then 0
                else overbilled_value_usd
            end as decimal(18, 2)
        ) as overbilled_usd,
        cast(
            case
                when is_secondary then null
                when finding <> 'not_paid_by_policy' then 0
                when expected_waste_units = 0 then 0
                else expected_waste_usd
            end as decimal(18, 2)
        ) as structural_usd,
        cast(
            case
                when is_secondary then null
                when finding <> 'policy_unknown' then 0
                when missed_units = 0 then 0
                else missed_usd
            end as decimal(18, 2)
        ) as policy_unknown_usd,
        avoidable_cost_usd,
        waste_basis
    from in_words
)

select * from final
