-- what    the packages a drug comes in and the milligrams that may be billed from each
-- grain   one row per NDC and code
-- key     row_id
-- reads   raw_ref__drug_packages
-- beware  billable_mg leaves out overfill, which package_mg may hold

select
    row_source || ':' || row_number as row_id,
    ndc11,
    lower(drug) as drug,
    upper(hcpcs) as hcpcs,
    cast(package_mg as decimal(12, 6)) as package_mg,
    cast(billable_mg as decimal(12, 6)) as billable_mg,
    cast(package_quantity as decimal(18, 3)) as package_quantity,
    upper(quantity_unit) as quantity_unit,
    coalesce(single_dose, 'no') = 'yes' as is_single_dose
from raw_ref__drug_packages
