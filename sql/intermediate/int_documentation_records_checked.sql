-- what    whether record and claim agree: dose, waste, modifiers, times and place, rationale
-- grain   one row per primary drug line that is not closed
-- key     claim_id, line_number, payer_id
-- reads   int_documentation_lines, int_documentation_treatments
-- beware  checks dose_units, waste_units, waste_modifier, infusion_record and rationale (RULES 20.3 to 20.5, 20.11, 20.14); null where a check does not apply

with

lines as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.is_waste_line,
        lines.requires_jw is null and lines.requires_jz is null as has_unknown_policy,
        lines.modifiers like '% JW %' as has_jw,
        lines.modifiers like '% JW %' and lines.modifiers like '% JZ %'
            as has_jw_and_jz,
        treatments.finding,
        treatments.is_not_paid_apart,
        treatments.administered_units = treatments.recorded_administered_units
            as is_dose_equal,
        treatments.billed_waste_units = treatments.discarded_units as is_waste_equal,
        treatments.proved_waste_units < treatments.discarded_units
            as has_avoidable_waste,
        treatments.proved_waste_units < treatments.discarded_units
        and treatments.billed_waste_units = treatments.proved_waste_units
            as is_proved_waste,
        -- no vial proves that anything was left over, and no JZ is asked where nothing was
        treatments.finding = 'modifier_missing'
        and treatments.vial_evidence = 'C'
        and coalesce(lines.requires_jz, 'no') <> 'yes' as is_missing_by_theory,
        treatments.billed_waste_units,
        treatments.recorded_administered_units,
        treatments.discarded_mg,
        treatments.discarded_units,
        treatments.has_discard_reason,
        treatments.lacks_start,
        treatments.lacks_stop,
        treatments.lacks_route,
        treatments.lacks_site,
        treatments.lacks_rationale,
        treatments.has_rationale,
        treatments.claim_id is not null as has_treatment,
        coalesce(treatments.has_record, false) as has_record,
        coalesce(
            treatments.lacks_start
            or treatments.lacks_stop
            or treatments.lacks_route
            or treatments.lacks_site,
            false
        ) as lacks_something,
        regexp_replace(
            regexp_replace(cast(treatments.administered_units as varchar), '0+$', ''),
            '[.]$', ''
        ) as administered_words,
        regexp_replace(
            regexp_replace(cast(treatments.billed_waste_units as varchar), '0+$', ''),
            '[.]$', ''
        ) as waste_words,
        regexp_replace(
            regexp_replace(
                cast(treatments.recorded_administered_units as varchar), '0+$', ''
            ),
            '[.]$', ''
        ) as recorded_words,
        regexp_replace(
            regexp_replace(cast(treatments.discarded_units as varchar), '0+$', ''),
            '[.]$', ''
        ) as discarded_words,
        regexp_replace(
            regexp_replace(cast(treatments.proved_waste_units as varchar), '0+$', ''),
            '[.]$', ''
        ) as proved_words
    from int_documentation_lines as lines
    left join int_documentation_treatments as treatments
        on
            lines.treatment_claim_id = treatments.claim_id
            and lines.treatment_line_number = treatments.line_number
            and lines.payer_id = treatments.payer_id
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        case
            when is_waste_line then null
            when not has_record or recorded_administered_units is null
                then 'cannot_tell'
            when is_dose_equal then 'met'
            else 'not_met'
        end as dose_result,
        case
            when not has_record then 'no administration record'
            when recorded_administered_units is null
                then 'the administration record tells no dose'
            when is_dose_equal
                then
                    'the administration record and the claim both say '
                    || administered_words || ' units'
            else
                'the administration record says ' || recorded_words
                || ' units, the claim ' || administered_words
        end as dose_reason,
        case
            when not has_treatment then null
            when billed_waste_units <= 0 and coalesce(discarded_mg, 0) <= 0 then null
            when not has_record or discarded_mg is null then 'cannot_tell'
            when is_waste_equal and discarded_units = 0 then 'met'
            when (is_waste_equal or is_proved_waste) and has_discard_reason then 'met'
            else 'not_met'
        end as waste_result,
        case
            when not has_record then 'no administration record'
            when discarded_mg is null
                then 'the administration record does not tell what was discarded'
            when is_waste_equal and discarded_units = 0
                then 'what was discarded is less than a unit, and no JW is billed'
            when is_waste_equal and has_discard_reason
                then
                    'the administration record and the claim both say '
                    || waste_words || ' units discarded, with a reason'
            when is_proved_waste and has_discard_reason
                then
                    'the administration record says ' || discarded_words
                    || ' units discarded, with a reason; the fewest vials leave '
                    || proved_words || ', as billed'
            when is_waste_equal or is_proved_waste
                then
                    'the administration record gives no reason for what was discarded'
            else
                'the administration record says ' || discarded_words
                || ' units discarded'
                || case
                    when has_avoidable_waste
                        then ' (the fewest vials leave ' || proved_words || ')'
                    else ''
                end
                || ', the claim ' || waste_words
                || case
                    when discarded_units > 0 and not has_discard_reason
                        then ', and no reason is recorded'
                    else ''
                end
        end as waste_reason,
        case
            when has_jw_and_jz then 'not_met'
            when finding = 'not_billable'
                then case when has_jw then 'not_met' else 'met' end
            when is_missing_by_theory then 'cannot_tell'
            when finding in ('modifier_missing', 'modifier_conflict') then 'not_met'
            when not has_treatment or has_unknown_policy then 'cannot_tell'
            else 'met'
        end as modifier_result,
        case
            when has_jw_and_jz then 'JW and JZ on one line'
            when not has_treatment
                then 'the line belongs to no treatment whose waste can be told'
            when finding = 'not_billable' and has_jw and is_not_paid_apart
                then 'waste of a drug that is not paid apart'
            when finding = 'not_billable' and has_jw
                then 'waste of a multi-dose package'
            when finding = 'not_billable' then 'no waste may be billed, and none is'
            when is_missing_by_theory
                then 'by theory alone: which vials were opened is not known'
            when finding = 'modifier_missing'
                then 'a JW or JZ is missing that day, or waste stands on the dose'
            when finding = 'modifier_conflict'
                then 'JZ stands beside JW, or beside vials that left drug over'
            when has_unknown_policy
                then 'the policy does not say whether JW or JZ is required'
            else 'JW and JZ stand as the policy asks'
        end as modifier_reason,
        case
            when is_waste_line then null
            when not has_record then 'cannot_tell'
            when lacks_something then 'not_met'
            else 'met'
        end as infusion_result,
        case
            when not has_record then 'no administration record'
            when lacks_something
                then
                    'the administration record lacks '
                    || replace(
                        trim(
                            case when lacks_start then 'start ' else '' end
                            || case when lacks_stop then 'stop ' else '' end
                            || case when lacks_route then 'route ' else '' end
                            || case when lacks_site then 'site ' else '' end
                        ),
                        ' ', ', '
                    )
            else 'start, stop, route and site are recorded'
        end as infusion_reason,
        case
            when is_waste_line then null
            when has_rationale then 'met'
            when lacks_rationale then 'not_met'
            else 'cannot_tell'
        end as rationale_result,
        case
            when not has_record then 'no administration record'
            when has_rationale then 'the rationale is documented'
            when lacks_rationale then 'a record says that no rationale is documented'
            else 'the administration record does not say whether it is documented'
        end as rationale_reason
    from lines
)

select * from final
