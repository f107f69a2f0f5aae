-- what    rows of contract_terms.csv that could not be used, with what can be read of each
-- grain   one row per row left out and payer it may be of
-- key     row_id
-- reads   raw_ref__contract_terms_left_out
-- beware  such a row may be the one that holds: what is null, or '*', fits anything; is_key_unread is a key that ranks as ndc11 (RULES 8.2)

select
    cast(row_number as varchar) || ':' || coalesce(payer_id, '*') as row_id,
    row_number,
    term_id,
    payer_id,
    line_of_business,
    claim_type,
    billing_id,
    ndc11,
    upper(coalesce(hcpcs, '*')) as hcpcs,
    lower(drug) as drug,
    coalesce(is_key_unread, 'no') = 'yes' as is_key_unread,
    coalesce(cast(effective_from as date), date '0001-01-01') as effective_from,
    coalesce(cast(effective_through as date), date '9999-12-31') as effective_through,
    coalesce(cast(recorded_on as date), date '0001-01-01') as recorded_on
from raw_ref__contract_terms_left_out
