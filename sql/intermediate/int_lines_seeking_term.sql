-- what    what decides the contract term of every primary line: payer, dates, codes, drug, provider
-- grain   one row per primary claim line, payer and candidate line of business
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_claim_lines_with_remit_additions, int_drug_lines_identified, int_lines_with_business
-- beware  candidate 2 exists only to see whether the term would change (RULES 8.1)

select
    claim_lines.claim_id,
    claim_lines.line_number,
    claim_lines.payer_id,
    business.candidate,
    business.line_of_business,
    business.remit_filing_code,
    business.claim_filing_code,
    claim_lines.hcpcs,
    claim_lines.claim_type,
    claim_lines.billing_npi,
    claim_lines.billing_tax_id,
    claim_lines.service_date,
    claim_lines.service_through_date,
    drug_lines.ndc11,
    drug_lines.drug,
    drug_lines.unit_mg,
    drug_lines.cms_hcpcs,
    drug_lines.drug_cms_unit_mg,
    coalesce(drug_lines.identity_basis, '') = 'house_code' as is_house_code,
    coalesce(drug_lines.identity_basis, '') = 'ndc_contradicts_code' as is_contradicted
from int_claim_lines_with_remit_additions as claim_lines
inner join int_lines_with_business as business
    on
        claim_lines.claim_id = business.claim_id
        and claim_lines.line_number = business.line_number
        and claim_lines.payer_id = business.payer_id
        and claim_lines.payer_rank = business.payer_rank
left join int_drug_lines_identified as drug_lines
    on
        claim_lines.claim_id = drug_lines.claim_id
        and claim_lines.line_number = drug_lines.line_number
        and claim_lines.payer_id = drug_lines.payer_id
        and claim_lines.payer_rank = drug_lines.payer_rank
where claim_lines.payer_rank = 'primary'
