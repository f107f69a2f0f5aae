-- what    the diagnoses a drug's label names, by date, and what must have come before or be given beside it
-- grain   one row per dated indication of a label and diagnosis prefix
-- key     row_id
-- reads   raw_ref__label_indications
-- beware  with_drug names the drug that must be given too; empty means alone or with anything

select
    row_source || ':' || row_number as row_id,
    lower(drug) as drug,
    upper(replace(diagnosis_prefix, '.', '')) as diagnosis_prefix,
    lower(with_drug) as with_drug,
    requires_prior_therapy,
    coalesce(cast(effective_from as date), date '0001-01-01') as effective_from,
    coalesce(cast(effective_through as date), date '9999-12-31') as effective_through
from raw_ref__label_indications
