-- what    lines short or over for a cause that nothing on file gives
-- reads   underpayment_causes
-- likely  a contract row, list price or quarter that is not on file, or a payer's own slip

with

gaps as (
    select
        cast(sum(abs(gap_usd)) as decimal(18, 2)) as all_usd,
        cast(
            sum(case when cause = 'unexplained' then abs(gap_usd) else 0 end)
            as decimal(18, 2)
        ) as unexplained_usd
    from underpayment_causes
)

select
    causes.claim_id,
    causes.line_number,
    causes.payer_id,
    causes.hcpcs,
    causes.service_date,
    causes.gap_usd,
    abs(causes.gap_usd) as usd,
    gaps.all_usd as usd_of_all_causes,
    cast(
        round(
            cast(gaps.unexplained_usd as double) * 10000
            / nullif(cast(gaps.all_usd as double), 0)
        ) as decimal(9, 0)
    ) * cast(0.01 as decimal(3, 2)) as percent_unexplained,
    causes.cause_detail
from underpayment_causes as causes
cross join gaps
where causes.cause = 'unexplained'
