-- what    the other row of its contract at which everybody was paid in a stretch that doubts the contract file
-- grain   one row per such stretch that a row on file gives
-- key     payer_id, line_of_business, claim_type, term_id, hcpcs, stretch_number
-- reads   int_causes_prices_at_rate, int_causes_prices_to_price, int_lines_in_stretches
-- beware  on nine lines of ten; the rows asked are those that cause superseded_term asks (RULES 16.7, 18.2)

with

lines as (
    select
        *,
        count(*) over (
            partition by
                payer_id, line_of_business, claim_type, term_id, hcpcs, stretch_number
        ) as lines_in_stretch
    from int_lines_in_stretches
    where stretch_number > 0
),

rows_that_fit as (
    select
        lines.payer_id,
        lines.line_of_business,
        lines.claim_type,
        lines.term_id,
        lines.hcpcs,
        lines.stretch_number,
        asked.candidate,
        min(asked.said) as said,
        min(asked.place) as place,
        count(*) as lines_at_row
    from lines
    inner join int_causes_prices_to_price as asked
        on
            lines.claim_id = asked.claim_id
            and lines.line_number = asked.line_number
            and lines.payer_id = asked.payer_id
    inner join int_causes_prices_at_rate as amounts
        on
            asked.claim_id = amounts.claim_id
            and asked.line_number = amounts.line_number
            and asked.payer_id = amounts.payer_id
            and asked.candidate = amounts.candidate
    where
        asked.cause = 'superseded_term'
        and abs(amounts.amount_usd - lines.allowed_usd) <= 0.01
    group by
        lines.payer_id,
        lines.line_of_business,
        lines.claim_type,
        lines.term_id,
        lines.hcpcs,
        lines.stretch_number,
        asked.candidate
    having count(*) * 10 >= max(lines.lines_in_stretch) * 9
),

final as (
    select
        payer_id,
        line_of_business,
        claim_type,
        term_id,
        hcpcs,
        stretch_number,
        said as other_row_says
    from rows_that_fit
    qualify
        row_number() over (
            partition by
                payer_id, line_of_business, claim_type, term_id, hcpcs, stretch_number
            order by lines_at_row desc, place asc, said asc
        ) = 1
)

select * from final
