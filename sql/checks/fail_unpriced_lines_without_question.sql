-- what    unpriced drug lines are in exactly one question each, and the questions add up to them
-- reads   drug_line_outcomes, int_unpriced_lines_with_question, reference_questions
-- likely  a reason for no price that int_unpriced_lines_with_question does not know, or a join that fans out

with

unpriced as (
    select
        claim_id,
        line_number,
        payer_id,
        charge_usd
    from drug_line_outcomes
    where
        payer_rank = 'primary'
        and expected_allowed_usd is null
        and outcome not in ('closed_unpaid', 'returned', 'duplicate')
        and coalesce(pricing_basis, '') not like 'suppressed:%'
),

asked as (
    select
        claim_id,
        line_number,
        payer_id,
        count(*) as questions
    from int_unpriced_lines_with_question
    group by all
),

lines_asked_otherwise as (
    select
        'line ' || coalesce(unpriced.claim_id, asked.claim_id) || ' '
        || cast(coalesce(unpriced.line_number, asked.line_number) as varchar) as place,
        cast(1 as bigint) as lines,
        cast(coalesce(asked.questions, 0) as bigint) as lines_in_questions,
        unpriced.charge_usd as usd
    from unpriced
    full outer join asked
        on
            unpriced.claim_id = asked.claim_id
            and unpriced.line_number = asked.line_number
            and unpriced.payer_id = asked.payer_id
    where unpriced.claim_id is null or coalesce(asked.questions, 0) <> 1
),

sums_of_lines as (
    select
        cast(count(*) as bigint) as lines,
        cast(coalesce(sum(charge_usd), 0) as decimal(18, 2)) as charge_usd
    from unpriced
),

sums_of_questions as (
    select
        cast(coalesce(sum(lines), 0) as bigint) as lines,
        cast(coalesce(sum(charge_usd), 0) as decimal(18, 2)) as charge_usd
    from reference_questions
    where is_unpriced
)

select * from lines_asked_otherwise
union all
select
    'all questions' as place,
    sums_of_lines.lines,
    sums_of_questions.lines as lines_in_questions,
    cast(sums_of_lines.charge_usd - sums_of_questions.charge_usd as decimal(18, 2))
        as usd
from sums_of_lines
cross join sums_of_questions
where
    sums_of_lines.lines <> sums_of_questions.lines
    or sums_of_lines.charge_usd <> sums_of_questions.charge_usd
