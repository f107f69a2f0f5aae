-- what    short and overpaid lines that units and code do not explain, at the code, term and price they stand at now
-- grain   one row per line with more than a cent left
-- key     claim_id, line_number, payer_id
-- reads   int_causes_lines, int_causes_remit_code_prices, int_causes_units_and_code
-- beware  a line answered under another priced code goes on with that code, its units and its term (RULES 16.4)

with

steps as (
    select *
    from int_causes_units_and_code
    where ended_by is null
),

final as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.allowed_usd,
        lines.hcpcs,
        steps.units,
        lines.charge_usd,
        lines.service_date,
        lines.service_through_date,
        lines.first_paid_date,
        lines.claim_type,
        lines.line_of_business,
        lines.ndc11,
        lines.drug,
        lines.unit_mg,
        lines.cms_hcpcs,
        lines.drug_cms_unit_mg,
        lines.is_house_code,
        lines.row_id,
        lines.term_id,
        lines.contract_id,
        lines.recorded_on,
        lines.method,
        lines.rate,
        lines.price_decimals,
        lines.charge_cap,
        lines.ceiling_usd,
        lines.price_source,
        lines.price_usd,
        lines.price_mg,
        lines.limit_hcpcs,
        lines.effective_quarter,
        lines.published_on,
        lines.list_row_id,
        lines.list_key_distance
    from steps
    inner join int_causes_lines as lines
        on
            steps.claim_id = lines.claim_id
            and steps.line_number = lines.line_number
            and steps.payer_id = lines.payer_id
    where not steps.is_at_remit_code
    union all
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.allowed_usd,
        prices.hcpcs,
        steps.units,
        lines.charge_usd,
        prices.service_date,
        prices.service_through_date,
        prices.first_paid_date,
        prices.claim_type,
        prices.line_of_business,
        prices.ndc11,
        prices.drug,
        prices.unit_mg,
        prices.cms_hcpcs,
        prices.drug_cms_unit_mg,
        prices.is_house_code,
        prices.row_id,
        prices.term_id,
        prices.contract_id,
        prices.recorded_on,
        prices.method,
        prices.rate,
        prices.price_decimals,
        prices.charge_cap,
        case when prices.charge_cap = 'claim' then lines.ceiling_usd end as ceiling_usd,
        prices.price_source,
        prices.price_usd,
        prices.price_mg,
        prices.limit_hcpcs,
        prices.effective_quarter,
        prices.published_on,
        prices.list_row_id,
        prices.list_key_distance
    from steps
    inner join int_causes_lines as lines
        on
            steps.claim_id = lines.claim_id
            and steps.line_number = lines.line_number
            and steps.payer_id = lines.payer_id
    inner join int_causes_remit_code_prices as prices
        on
            steps.claim_id = prices.claim_id
            and steps.line_number = prices.line_number
            and steps.payer_id = prices.payer_id
    where steps.is_at_remit_code
)

select * from final
