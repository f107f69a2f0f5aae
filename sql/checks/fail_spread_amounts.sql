-- what    claim-level amounts whose parts do not add up to the amount
-- reads   int_claim_level_amounts_spread, stg_835__adjustments
-- likely  the largest-remainder spread lost a cent

with

spread as (
    select
        remit_claim_id,
        item_number,
        sum(spread_usd) as spread_usd
    from int_claim_level_amounts_spread
    where kind = 'adjustment'
    group by remit_claim_id, item_number
)

select
    spread.remit_claim_id,
    spread.item_number,
    spread.spread_usd,
    adjustments.adjustment_usd
from spread
inner join stg_835__adjustments as adjustments
    on
        spread.remit_claim_id = adjustments.remit_claim_id
        and spread.item_number = adjustments.adjustment_number
where spread.spread_usd <> adjustments.adjustment_usd
