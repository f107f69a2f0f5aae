-- what    every sum a site has asked a payer for before
-- grain   one row per claim line and day it was asked for
-- key     claim_id, line_number, asked_on
-- reads   raw_extract__asks
-- beware  no figure reads this yet

select
    claim_id,
    line_number,
    asked_on,
    lower(status) as status,
    cast(ask_usd as decimal(18, 2)) as ask_usd,
    file_sha256,
    source_offset
from raw_extract__asks
