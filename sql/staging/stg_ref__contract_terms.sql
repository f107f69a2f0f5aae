-- what    what a contract says a payer allows, one version of one term a row
-- grain   one row per version of a term
-- key     row_id
-- reads   raw_ref__contract_terms
-- beware  percent_fraction is the rate as a fraction: 104 is 1.04; an empty charge_cap or sequestration is null: the law decides for Medicare

select
    row_source || ':' || row_number as row_id,
    coalesce(
        term_id, coalesce(contract_id, '') || ':' || coalesce(
            nullif(nullif(hcpcs, '*'), ''), ndc11, drug, '*'
        )
    ) as term_id,
    contract_id,
    payer_id,
    coalesce(line_of_business, '*') as line_of_business,
    coalesce(claim_type, '*') as claim_type,
    coalesce(billing_id, '*') as billing_id,
    ndc11,
    upper(coalesce(hcpcs, '*')) as hcpcs,
    lower(drug) as drug,
    method,
    cast(rate as decimal(12, 6)) as rate,
    case
        when
            method in ('pct_of_limit', 'pct_of_charge')
            then
                cast(
                    cast(rate as decimal(12, 6)) * cast(0.01 as decimal(3, 2))
                    as decimal(9, 6)
                )
        else cast(1 as decimal(9, 6))
    end as percent_fraction,
    price_decimals,
    charge_cap,
    coalesce(price_vintage, 'at_payment') as price_vintage,
    coalesce(cast(price_lag_days as int), 0) as price_lag_days,
    sequestration,
    coalesce(cast(effective_from as date), date '0001-01-01') as effective_from,
    coalesce(cast(effective_through as date), date '9999-12-31') as effective_through,
    coalesce(cast(recorded_on as date), date '0001-01-01') as recorded_on,
    clause
from raw_ref__contract_terms
