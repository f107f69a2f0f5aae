-- what    the discarded share of allowed dollars that CMS publishes for a code and year
-- grain   one row per code and year
-- key     row_id
-- reads   raw_ref__discarded_shares
-- beware  a fraction, not a percent; Medicare Part B alone

select
    row_source || ':' || row_number as row_id,
    upper(hcpcs) as hcpcs,
    cast(year as int) as cms_year,
    cast(discarded_share as decimal(12, 6)) as cms_share,
    source
from raw_ref__discarded_shares
