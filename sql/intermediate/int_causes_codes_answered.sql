-- what    short and overpaid lines that the payer answered under another code
-- grain   one row per short or overpaid line whose remit names another code
-- key     claim_id, line_number, payer_id
-- reads   int_causes_lines
-- beware  hcpcs is the remit's code; a line not priced at a rate is not asked about its code (RULES 16.4)

select
    claim_id,
    line_number,
    payer_id,
    remit_hcpcs as hcpcs,
    drug as billed_drug,
    unit_mg as billed_unit_mg,
    billed_units,
    stated_paid_units,
    charge_usd,
    service_date,
    service_through_date,
    first_paid_date,
    claim_type,
    billing_npi,
    billing_tax_id,
    line_of_business,
    ndc11
from int_causes_lines
where is_priced_at_rate and remit_hcpcs <> hcpcs
