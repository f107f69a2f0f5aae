-- what    house code lines with their units read as units of the CMS code
-- grain   one row per primary house code line whose price is stated for milligrams
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_drug_lines_identified, int_lines_priced_at_contract, int_lines_to_price
-- beware  input of int_lines_at_rate; a price a billed unit is the same under either reading and is not asked (RULES 19.2)

select
    asked.claim_id,
    asked.line_number,
    asked.payer_id,
    'cms_units' as candidate,
    asked.method,
    asked.rate,
    asked.price_decimals,
    asked.charge_cap,
    priced.ceiling_usd,
    asked.units,
    asked.charge_usd,
    asked.price_usd,
    asked.price_mg,
    drug_lines.drug_cms_unit_mg as unit_mg
from int_lines_to_price as asked
inner join int_lines_priced_at_contract as priced
    on
        asked.claim_id = priced.claim_id
        and asked.line_number = priced.line_number
        and asked.payer_id = priced.payer_id
inner join int_drug_lines_identified as drug_lines
    on
        asked.claim_id = drug_lines.claim_id
        and asked.line_number = drug_lines.line_number
        and asked.payer_id = drug_lines.payer_id
where
    drug_lines.payer_rank = 'primary'
    and drug_lines.identity_basis = 'house_code'
    and priced.is_priced_at_rate
    and asked.price_mg is not null
