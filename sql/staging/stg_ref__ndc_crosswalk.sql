-- what    CMS's crosswalk: which package is billed under which code, every vintage kept
-- grain   one row per quarter, NDC, code and publication
-- key     effective_quarter, ndc11, hcpcs, published_on
-- reads   raw_ref__ndc_crosswalk
-- beware  one NDC may map to several codes, and a package is not always its units times its quantity

select
    effective_quarter,
    ndc11,
    upper(hcpcs) as hcpcs,
    drug_name,
    cast(package_size as decimal(18, 3)) as package_size,
    cast(package_quantity as decimal(18, 3)) as package_quantity,
    cast(bill_units as decimal(18, 3)) as bill_units,
    cast(bill_units_per_package as decimal(18, 3)) as bill_units_per_package,
    cast(published_on as date) as published_on
from raw_ref__ndc_crosswalk
