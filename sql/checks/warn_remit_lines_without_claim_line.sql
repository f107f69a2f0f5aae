-- what    remit lines that fit no billed line, and remits whose claim was never loaded
-- reads   claim_line_outcomes
-- likely  the 837 is missing, or the payer renumbered the lines

select
    payer_name,
    count(*) as lines,
    sum(paid_usd) as usd,
    payer_name || ': ' || cast(count(*) as varchar) || ' remit lines, $'
    || cast(sum(paid_usd) as varchar)
    || ' paid, answer no claim line on file. Load the 837 they answer.' as sentence
from claim_line_outcomes
where billed_basis = 'remit_only'
group by payer_name
order by usd desc, payer_name asc
