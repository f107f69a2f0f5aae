-- what    what each treatment billed beside what its administration records tell
-- grain   one row per treatment
-- key     claim_id, line_number, payer_id
-- reads   int_treatments_with_expected_waste, waste_ledger, int_treatments_recorded, int_documentation_records
-- beware  what one administration does not tell, the record does not tell; proved_waste_units is null on evidence C, which is theory (RULES 20.3 to 20.5)

with

with_unit as (
    select
        recorded.claim_id,
        recorded.line_number,
        recorded.payer_id,
        recorded.recorded_administered_units,
        recorded.discarded_mg,
        treatments.unit_mg
    from int_treatments_recorded as recorded
    inner join int_treatments_with_expected_waste as treatments
        on
            recorded.claim_id = treatments.claim_id
            and recorded.line_number = treatments.line_number
            and recorded.payer_id = treatments.payer_id
),

-- waste rounds down to units
recorded as (
    select
        *,
        cast(
            cast(discarded_mg - discarded_mg % unit_mg as double)
            / cast(unit_mg as double) as decimal(18, 3)
        ) as discarded_units
    from with_unit
),

final as (
    select
        treatments.claim_id,
        treatments.line_number,
        treatments.payer_id,
        ledger.finding,
        ledger.vial_evidence,
        case
            when ledger.vial_evidence in ('A', 'B') then ledger.expected_waste_units
        end as proved_waste_units,
        treatments.is_not_paid_apart,
        treatments.administered_units,
        treatments.billed_waste_units,
        recorded.recorded_administered_units,
        recorded.discarded_mg,
        recorded.discarded_units,
        recorded.claim_id is not null as has_record,
        told.lacks_start,
        told.lacks_stop,
        told.lacks_route,
        told.lacks_site,
        told.has_prior_therapies,
        told.has_discard_reason,
        told.lacks_rationale,
        told.has_rationale
    from int_treatments_with_expected_waste as treatments
    inner join waste_ledger as ledger
        on
            treatments.claim_id = ledger.claim_id
            and treatments.service_date = ledger.service_date
            and treatments.drug = ledger.drug
    left join recorded
        on
            treatments.claim_id = recorded.claim_id
            and treatments.line_number = recorded.line_number
            and treatments.payer_id = recorded.payer_id
    left join int_documentation_records as told
        on
            treatments.claim_id = told.claim_id
            and treatments.line_number = told.line_number
            and treatments.payer_id = told.payer_id
)

select * from final
