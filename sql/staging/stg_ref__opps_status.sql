-- what    how Medicare pays a code in a hospital outpatient department, every vintage kept
-- grain   one row per first day, code and publication
-- key     effective_from, hcpcs, published_on
-- reads   raw_ref__opps_status
-- beware  the adjusted copayment, where there is one, is what the patient owes; rates go past six digits

select
    cast(effective_from as date) as effective_from,
    upper(hcpcs) as hcpcs,
    upper(status_indicator) as status_indicator,
    apc,
    cast(payment_rate as decimal(18, 6)) as payment_rate_usd,
    cast(national_copayment as decimal(18, 2)) as national_copayment_usd,
    cast(minimum_copayment as decimal(18, 2)) as minimum_copayment_usd,
    cast(adjusted_copayment as decimal(18, 2)) as adjusted_copayment_usd,
    cast(
        cast(coinsurance_pct as decimal(12, 6)) * cast(0.01 as decimal(3, 2))
        as decimal(9, 6)
    ) as coinsurance_fraction,
    notes,
    cast(published_on as date) as published_on,
    coalesce(published_on_basis like '%estimated', false) as is_date_estimated
from raw_ref__opps_status
