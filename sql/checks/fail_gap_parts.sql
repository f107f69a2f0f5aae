-- what    lines whose gap is not the sum of its parts
-- reads   drug_line_outcomes
-- likely  a dollar stands in two parts, or in none

select
    claim_id,
    line_number,
    payer_id,
    gap_usd,
    shortfall_usd,
    overpaid_usd,
    penny_usd,
    pair_offset_usd,
    denied_expected_usd
from drug_line_outcomes
where
    gap_usd is not null
    and (
        gap_usd
        <> shortfall_usd - overpaid_usd + penny_usd + pair_offset_usd
        + denied_expected_usd
        or shortfall_usd <> payer_owed_usd + patient_owed_usd
        or ask_usd
        <> payer_owed_usd + greatest(0, unsupported_cut_usd - overpaid_usd)
        - past_window_usd
        or expected_allowed_usd - allowed_usd <> gap_usd
    )
