-- what    lines whose code does not mean what CMS says it means, or may be another than was meant
-- grain   one row per drug line, payer and rank with a finding about its code or units
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_identities_found, int_identities_at_rate, int_line_outcomes_net_of_reversals, stg_ref__drug_codes
-- beware  cms_units carry the same milligrams: J1324 x 100 is J9177 x 400; expected_if_cms_units_usd reads the billed units as units of the CMS code instead

with

lines as (
    select
        outcomes.claim_id,
        outcomes.line_number,
        outcomes.payer_id,
        outcomes.payer_rank,
        outcomes.payer_name,
        outcomes.service_date,
        outcomes.hcpcs,
        outcomes.billed_units as units,
        drug_lines.identity_basis,
        drug_lines.finding,
        drug_lines.finding_detail,
        drug_lines.drug,
        drug_lines.unit_mg,
        drug_lines.cms_hcpcs,
        drug_lines.drug_cms_unit_mg as cms_unit_mg,
        outcomes.allowed_usd,
        outcomes.expected_allowed_usd,
        cast(outcomes.billed_units as decimal(19, 3)) * drug_lines.unit_mg
            as billed_mg,
        cast(
            cast(
                cast(outcomes.billed_units as decimal(19, 3)) * drug_lines.unit_mg
                as double
            ) / nullif(cast(drug_lines.drug_cms_unit_mg as double), 0)
            as decimal(18, 3)
        ) as near_units
    from int_identities_found as drug_lines
    inner join int_line_outcomes_net_of_reversals as outcomes
        on
            drug_lines.claim_id = outcomes.claim_id
            and drug_lines.line_number = outcomes.line_number
            and drug_lines.payer_id = outcomes.payer_id
            and drug_lines.payer_rank = outcomes.payer_rank
),

cms_meanings as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.payer_rank,
        codes.descriptor as cms_descriptor
    from lines
    inner join stg_ref__drug_codes as codes
        on
            lines.hcpcs = codes.hcpcs
            and lines.service_date >= codes.effective_from
            and lines.service_date <= codes.effective_through
    qualify
        row_number() over (
            partition by
                lines.claim_id, lines.line_number, lines.payer_id, lines.payer_rank
            order by codes.is_shipped asc, codes.effective_from desc, codes.row_id asc
        ) = 1
),

-- three decimals: the double quotient corrected by the exact remainder
final as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.payer_rank,
        lines.payer_name,
        lines.service_date,
        lines.hcpcs,
        cms_meanings.cms_descriptor,
        lines.drug,
        lines.cms_hcpcs,
        lines.units,
        cast(
            lines.near_units + case
                when
                    (
                        lines.billed_mg
                        - cast(lines.near_units as decimal(19, 3)) * lines.cms_unit_mg
                    ) * 2
                    >= lines.cms_unit_mg * cast(0.001 as decimal(4, 3))
                    then 0.001
                when
                    (
                        lines.billed_mg
                        - cast(lines.near_units as decimal(19, 3)) * lines.cms_unit_mg
                    ) * 2
                    < -lines.cms_unit_mg * cast(0.001 as decimal(4, 3))
                    then -0.001
                else 0
            end as decimal(18, 3)
        ) as cms_units,
        lines.allowed_usd,
        lines.expected_allowed_usd,
        as_cms_units.amount_usd as expected_if_cms_units_usd,
        lines.identity_basis,
        lines.finding,
        lines.finding_detail
    from lines
    left join cms_meanings
        on
            lines.claim_id = cms_meanings.claim_id
            and lines.line_number = cms_meanings.line_number
            and lines.payer_id = cms_meanings.payer_id
            and lines.payer_rank = cms_meanings.payer_rank
    left join int_identities_at_rate as as_cms_units
        on
            lines.claim_id = as_cms_units.claim_id
            and lines.line_number = as_cms_units.line_number
            and lines.payer_id = as_cms_units.payer_id
            and lines.payer_rank = 'primary'
)

select * from final
