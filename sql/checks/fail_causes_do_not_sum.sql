-- what    lines whose causes do not add up to their shortfall or overpayment
-- reads   drug_line_outcomes, underpayment_causes
-- likely  a step of the ladder takes a dollar twice, or a line is in no step

with

causes as (
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        sum(gap_usd) as gap_usd,
        sum(shortfall_usd) as shortfall_usd,
        sum(overpaid_usd) as overpaid_usd
    from underpayment_causes
    group by claim_id, line_number, payer_id, payer_rank
)

select
    coalesce(lines.claim_id, causes.claim_id) as claim_id,
    coalesce(lines.line_number, causes.line_number) as line_number,
    coalesce(lines.payer_id, causes.payer_id) as payer_id,
    coalesce(lines.payer_rank, causes.payer_rank) as payer_rank,
    lines.shortfall_usd,
    lines.overpaid_usd,
    causes.gap_usd as causes_usd,
    causes.shortfall_usd as causes_shortfall_usd,
    causes.overpaid_usd as causes_overpaid_usd
from drug_line_outcomes as lines
full outer join causes
    on
        lines.claim_id = causes.claim_id
        and lines.line_number = causes.line_number
        and lines.payer_id = causes.payer_id
        and lines.payer_rank = causes.payer_rank
where
    lines.claim_id is null
    or lines.shortfall_usd - lines.overpaid_usd <> coalesce(causes.gap_usd, 0)
    or lines.shortfall_usd <> coalesce(causes.shortfall_usd, 0)
    or lines.overpaid_usd <> coalesce(causes.overpaid_usd, 0)
