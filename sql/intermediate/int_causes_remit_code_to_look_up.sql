-- what    the code the payer answered with, under its term: what a price is looked up for
-- grain   one row per short or overpaid line whose remit names a code that a term prices
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_causes_remit_code_policies, int_causes_remit_code_terms, int_causes_remit_codes
-- beware  units are those the payer states for that code, else the same milligrams; a code its policy does not cover has no price

select
    codes.claim_id,
    codes.line_number,
    codes.payer_id,
    'code of the remit' as candidate,
    terms.row_id,
    codes.hcpcs,
    codes.ndc11,
    codes.drug,
    codes.unit_mg,
    codes.cms_hcpcs,
    codes.drug_cms_unit_mg,
    codes.is_house_code,
    codes.line_of_business,
    codes.claim_type,
    codes.service_date,
    codes.service_through_date,
    codes.first_paid_date,
    codes.units,
    codes.charge_usd
from int_causes_remit_codes as codes
inner join int_causes_remit_code_terms as terms
    on
        codes.claim_id = terms.claim_id
        and codes.line_number = terms.line_number
        and codes.payer_id = terms.payer_id
left join int_causes_remit_code_policies as policies
    on
        codes.claim_id = policies.claim_id
        and codes.line_number = policies.line_number
        and codes.payer_id = policies.payer_id
where
    terms.row_id is not null
    and terms.no_term_basis is null
    and coalesce(policies.is_covered, true)
