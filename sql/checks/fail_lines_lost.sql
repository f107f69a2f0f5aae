-- what    kept lines of live submissions without exactly one outcome
-- reads   int_claim_lines_with_remit_additions, claim_line_outcomes, int_drug_lines_identified, drug_line_outcomes
-- likely  a join doubled or dropped rows

with

counts as (
    select
        'claim_line_outcomes' as published,
        (select count(*) from int_claim_lines_with_remit_additions) as lines_before,
        (select count(*) from claim_line_outcomes) as lines_after,
        (select sum(charge_usd) from int_claim_lines_with_remit_additions)
            as charge_before_usd,
        (select sum(charge_usd) from claim_line_outcomes) as charge_after_usd
    union all
    select
        'drug_line_outcomes' as published,
        (select count(*) from int_drug_lines_identified) as lines_before,
        (select count(*) from drug_line_outcomes) as lines_after,
        cast(0 as decimal(38, 2)) as charge_before_usd,
        cast(0 as decimal(38, 2)) as charge_after_usd
)

select * from counts
where
    lines_before <> lines_after
    or charge_before_usd is distinct from charge_after_usd
