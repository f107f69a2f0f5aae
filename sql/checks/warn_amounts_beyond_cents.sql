-- what    amounts with more than two decimals: rounded half away from zero
-- reads   raw_835__adjustments, raw_835__remit_lines, raw_837__claim_lines
-- likely  a payer's system that does not round before it writes

with

amounts as (
    select
        'CAS' as segment_id,
        adjustment_usd as sent_usd
    from raw_835__adjustments
    union all
    select
        'SVC' as segment_id,
        charge_usd as sent_usd
    from raw_835__remit_lines
    union all
    select
        'SVC' as segment_id,
        paid_usd as sent_usd
    from raw_835__remit_lines
    union all
    select
        'SV' as segment_id,
        charge_usd as sent_usd
    from raw_837__claim_lines
)

select
    segment_id,
    count(*) as amounts,
    sum(abs(sent_usd - cast(sent_usd as decimal(18, 2)))) as usd,
    cast(count(*) as varchar) || ' ' || segment_id
    || ' amounts have more than two decimals and were rounded to the cent.'
        as sentence
from amounts
where sent_usd <> cast(sent_usd as decimal(18, 2))
group by segment_id
order by segment_id
