-- what    units of the vials opened beyond the least-waste set, to be priced at what the practice paid for them
-- grain   one row per treatment with vials known and an acquisition price
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_treatments_with_expected_waste, int_drug_lines_identified, stg_ref__list_prices
-- beware  found by NDC, else code, else the CMS code of a house code, as AWP and WAC are (RULES 8.5, 10.11); no contract has a say

with

asked as (
    select
        treatments.claim_id,
        treatments.line_number,
        treatments.payer_id,
        treatments.service_date,
        treatments.hcpcs,
        treatments.unit_mg,
        treatments.avoidable_units,
        drug_lines.ndc11,
        drug_lines.identity_basis = 'house_code' as is_house_code,
        drug_lines.cms_hcpcs,
        drug_lines.drug_cms_unit_mg
    from int_treatments_with_expected_waste as treatments
    inner join int_drug_lines_identified as drug_lines
        on
            treatments.claim_id = drug_lines.claim_id
            and treatments.line_number = drug_lines.line_number
            and treatments.payer_id = drug_lines.payer_id
            and drug_lines.payer_rank = 'primary'
    where treatments.avoidable_units is not null
),

prices as (
    select * from stg_ref__list_prices
    where price_kind = 'acquisition'
),

fitting as (
    select
        asked.*,
        prices.row_id,
        prices.price,
        prices.per,
        prices.effective_from,
        case
            when prices.ndc11 is not null then 1
            when asked.hcpcs = prices.hcpcs then 2
            else 3
        end as key_distance,
        prices.per = 'unit' and coalesce(asked.hcpcs <> prices.hcpcs, false)
            as is_of_cms_unit
    from asked
    inner join prices
        on
            asked.service_date >= prices.effective_from
            and (
                asked.ndc11 = prices.ndc11
                or (
                    prices.ndc11 is null
                    and (
                        asked.hcpcs = prices.hcpcs
                        or (asked.is_house_code and asked.cms_hcpcs = prices.hcpcs)
                    )
                )
            )
            -- whose unit a price by package means: no other code's than these
            and (
                prices.per = 'mg'
                or prices.hcpcs is null
                or asked.hcpcs = prices.hcpcs
                or (asked.is_house_code and asked.cms_hcpcs = prices.hcpcs)
            )
),

found as (
    select * from fitting
    qualify
        row_number() over (
            partition by claim_id, line_number, payer_id
            order by
                key_distance asc,
                effective_from desc,
                case when per = 'unit' then 0 else 1 end,
                price asc,
                row_id asc
        ) = 1
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        'avoidable' as candidate,
        'fixed' as method,
        price as rate,
        cast(null as int) as price_decimals,
        'none' as charge_cap,
        cast(null as decimal(18, 2)) as ceiling_usd,
        avoidable_units as units,
        cast(null as decimal(18, 2)) as charge_usd,
        price as price_usd,
        cast(
            case
                when per = 'mg' then 1
                when is_of_cms_unit then drug_cms_unit_mg
            end as decimal(12, 6)
        ) as price_mg,
        unit_mg
    from found
)

select * from final
