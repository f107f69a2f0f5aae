-- what    what Medicare should have paid on each line after patient share and sequestration, beside what it paid
-- grain   one row per compared Medicare fee-for-service drug line
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_medicare_payments_expected, int_drug_lines_identified
-- beware  shortfall_usd over all rows is the false-positive meter (RULES 17.2); payment_check is about the cheque, not the allowed amount

with

worded as (
    select
        *,
        regexp_replace(
            cast(cast(coinsurance_fraction * 100 as decimal(12, 4)) as varchar),
            '[.]?0+$', ''
        ) as coinsurance_text,
        regexp_replace(
            cast(cast(law_cut_fraction * 100 as decimal(12, 4)) as varchar),
            '[.]?0+$', ''
        ) as cut_text,
        -- in cents, where it is of the billed unit; a house code's may have more decimals
        case
            when opps_copayment_usd = cast(opps_copayment_usd as decimal(18, 2))
                then cast(cast(opps_copayment_usd as decimal(18, 2)) as varchar)
            else
                regexp_replace(cast(opps_copayment_usd as varchar), '0+$', '')
        end as copayment_text
    from int_medicare_payments_expected
),

with_identity as (
    select
        worded.*,
        drug_lines.identity_basis = 'house_code' as is_house_code
    from worded
    inner join int_drug_lines_identified as drug_lines
        on
            worded.claim_id = drug_lines.claim_id
            and worded.line_number = drug_lines.line_number
            and worded.payer_id = drug_lines.payer_id
            and worded.payer_rank = drug_lines.payer_rank
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        payer_name,
        claim_type,
        service_date,
        hcpcs,
        units,
        allowed_usd,
        expected_allowed_usd,
        shortfall_usd,
        overpaid_usd,
        deductible_usd,
        copay_usd,
        coinsurance_usd,
        expected_coinsurance_usd,
        expected_patient_usd,
        sequestration_usd,
        expected_sequestration_usd,
        paid_usd,
        interest_usd,
        expected_paid_usd,
        difference_usd,
        case
            when unchecked_basis is not null then 'not_checked'
            when abs(difference_usd) <= 0.01 then 'agrees'
            else 'differs'
        end as payment_check,
        coalesce(
            unchecked_basis,
            cast(expected_allowed_usd as varchar)
            || case
                when deductible_usd <> 0
                    then
                        ' less the deductible of ' || cast(deductible_usd as varchar)
                        || ' as answered'
                else ''
            end
            || case
                when copay_usd <> 0
                    then
                        ' less the copay of ' || cast(copay_usd as varchar)
                        || ' as answered'
                else ''
            end
            || case
                when is_at_opps_rate
                    then
                        ' less the copayment of '
                        || copayment_text || ' a unit ('
                else ' less coinsurance of ' || coinsurance_text || '% ('
            end
            || cast(expected_coinsurance_usd as varchar) || ') less sequestration of '
            || cut_text || '% (' || cast(expected_sequestration_usd as varchar)
            || ') is ' || cast(expected_paid_usd as varchar) || '; paid '
            || cast(paid_usd as varchar)
        )
        || case
            when is_house_code then '; ' || hcpcs || ' is a house code here' else ''
        end as check_basis,
        is_house_code
    from with_identity
)

select * from final
