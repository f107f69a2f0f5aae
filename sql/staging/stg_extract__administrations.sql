-- what    every drug administration a site records, with the vials opened for it
-- grain   one row per administration and vial NDC
-- key     file_sha256, source_offset
-- reads   raw_extract__administrations
-- beware  a dose from two NDCs is two rows and one dose: int_administrations puts them together

select
    administration_id,
    claim_id,
    patient_key,
    service_date,
    drug,
    discard_reason,
    vial_ndc11,
    route,
    site,
    started_at,
    stopped_at,
    regimen_day,
    prior_therapies,
    rationale_documented = 'true' as is_rationale_documented,
    cast(ordered_mg as decimal(18, 3)) as ordered_mg,
    cast(administered_mg as decimal(18, 3)) as administered_mg,
    cast(discarded_mg as decimal(18, 3)) as discarded_mg,
    cast(vial_count as decimal(18, 3)) as vial_count,
    file_sha256,
    source_offset
from raw_extract__administrations
