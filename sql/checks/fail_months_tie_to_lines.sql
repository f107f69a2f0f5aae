-- what    payers whose monthly dollars differ from their lines
-- reads   payer_drug_months, drug_line_outcomes, waste_ledger
-- likely  a grouping key is null on one side

with

months as (
    select
        payer_id,
        sum(lines) as lines,
        sum(allowed_usd) as allowed_usd,
        sum(shortfall_usd) as shortfall_usd,
        sum(leakage_administration_usd + leakage_ndc_usd + leakage_theory_usd)
            as leakage_usd
    from payer_drug_months
    group by payer_id
),

lines as (
    select
        payer_id,
        count(*) as lines,
        sum(allowed_usd) as allowed_usd,
        sum(shortfall_usd) as shortfall_usd
    from drug_line_outcomes
    where payer_rank = 'primary' and service_date is not null
    group by payer_id
),

waste as (
    select
        payer_id,
        sum(case when vial_evidence is not null then leakage_usd end) as leakage_usd
    from waste_ledger
    group by payer_id
)

select
    lines.payer_id,
    months.lines as month_lines,
    lines.lines,
    months.shortfall_usd as month_shortfall_usd,
    lines.shortfall_usd,
    months.leakage_usd as month_leakage_usd,
    waste.leakage_usd
from lines
left join months
    on lines.payer_id = months.payer_id
left join waste
    on lines.payer_id = waste.payer_id
where
    months.lines is distinct from lines.lines
    or months.allowed_usd is distinct from lines.allowed_usd
    or months.shortfall_usd is distinct from lines.shortfall_usd
    or coalesce(months.leakage_usd, 0) <> coalesce(waste.leakage_usd, 0)
