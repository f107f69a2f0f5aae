-- what    the dollars of a gap that units not paid and another code explain, and what is left
-- grain   one row per short or overpaid line
-- key     claim_id, line_number, payer_id
-- reads   int_causes_charge_shares, int_causes_lines, int_causes_remit_codes, int_causes_units_at_rate
-- beware  ended_by names the cause that takes the rest; null where prices and terms are asked next (RULES 16.3 to 16.5)

with

amounts as (
    select
        claim_id,
        line_number,
        payer_id,
        max(case when candidate = 'paid units' then amount_usd end) as paid_units_usd,
        max(case when candidate = 'code of the remit' then amount_usd end)
            as remit_code_usd
    from int_causes_units_at_rate
    group by claim_id, line_number, payer_id
),

lines as (
    select
        lines.*,
        remit_codes.claim_id is not null as is_recoded,
        remit_codes.units as remit_code_units,
        remit_codes.unit_mg as remit_code_unit_mg,
        coalesce(remit_codes.drug = lines.drug, false) as is_of_same_drug,
        amounts.remit_code_usd,
        lines.expected_allowed_usd
        - coalesce(amounts.paid_units_usd, charge_shares.amount_usd) as cut_usd
    from int_causes_lines as lines
    left join amounts
        on
            lines.claim_id = amounts.claim_id
            and lines.line_number = amounts.line_number
            and lines.payer_id = amounts.payer_id
    left join int_causes_charge_shares as charge_shares
        on
            lines.claim_id = charge_shares.claim_id
            and lines.line_number = charge_shares.line_number
            and lines.payer_id = charge_shares.payer_id
    left join int_causes_remit_codes as remit_codes
        on
            lines.claim_id = remit_codes.claim_id
            and lines.line_number = remit_codes.line_number
            and lines.payer_id = remit_codes.payer_id
),

-- the denied part has gone before: it is not counted again as units not paid
after_units as (
    select
        *,
        case
            when abs(cut_usd) > 0.01 then paid_units
            else billed_units
        end as units_so_far,
        cast(
            case
                when cut_usd is null then 0
                when denied_expected_usd = 0 and abs(cut_usd) > 0.01 then cut_usd
                when denied_expected_usd > 0 and cut_usd - denied_expected_usd > 0.01
                    then cut_usd - denied_expected_usd
                else 0
            end as decimal(18, 2)
        ) as units_reduced_usd
    from lines
),

-- units told in milligrams of the code, or taken from them, are the same service
with_rest as (
    select
        *,
        cast(line_gap_usd - units_reduced_usd as decimal(18, 2)) as rest_of_units_usd,
        is_of_same_drug
        and coalesce(
            cast(remit_code_units as decimal(19, 3)) * remit_code_unit_mg
            = cast(units_so_far as decimal(19, 3)) * unit_mg
            or (
                remit_code_unit_mg * unit_mg > 0
                and (stated_paid_units is null or paid_units = units_so_far)
            ),
            false
        ) as is_same_service
    from after_units
),

after_code as (
    select
        *,
        is_recoded
        and rest_of_units_usd <> 0
        and (remit_code_usd is not null or not is_same_service) as is_code_asked
    from with_rest
),

after_recoding as (
    select
        *,
        cast(
            case
                when not is_code_asked then 0
                when remit_code_usd is null then rest_of_units_usd
                when abs(allowed_usd + rest_of_units_usd - remit_code_usd) > 0.01
                    then allowed_usd + rest_of_units_usd - remit_code_usd
                else 0
            end as decimal(18, 2)
        ) as recoded_usd
    from after_code
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        units_reduced_usd,
        recoded_usd,
        cast(rest_of_units_usd - recoded_usd as decimal(18, 2)) as rest_usd,
        is_code_asked and remit_code_usd is not null as is_at_remit_code,
        case
            when is_code_asked and remit_code_usd is not null then remit_code_units
            else units_so_far
        end as units,
        case
            when is_code_asked and remit_code_usd is null then 'recoded'
            when rest_of_units_usd = recoded_usd then 'nothing'
            when abs(rest_of_units_usd - recoded_usd) <= 0.01 then 'rounding'
            when not is_priced_at_rate then 'unexplained'
        end as ended_by
    from after_recoding
)

select * from final
