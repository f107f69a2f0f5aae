-- what    which other price, term, rounding or cap by line gives what was allowed, the first asked first
-- grain   one row per line left that one of them fits
-- key     claim_id, line_number, payer_id
-- reads   int_causes_lines_left, int_causes_prices_at_rate, int_causes_prices_to_price
-- beware  to fit is to come within a cent of what was allowed; also_fits names every other that does (RULES 16.11)

with

own_amounts as (
    select
        claim_id,
        line_number,
        payer_id,
        amount_usd
    from int_causes_prices_at_rate
    where candidate = 'itself'
),

fitting as (
    select
        asked.claim_id,
        asked.line_number,
        asked.payer_id,
        asked.candidate,
        asked.cause,
        asked.place,
        asked.said,
        row_number() over (
            partition by asked.claim_id, asked.line_number, asked.payer_id
            order by asked.place
        ) as place_among_fitting
    from int_causes_prices_to_price as asked
    inner join int_causes_prices_at_rate as amounts
        on
            asked.claim_id = amounts.claim_id
            and asked.line_number = amounts.line_number
            and asked.payer_id = amounts.payer_id
            and asked.candidate = amounts.candidate
    inner join own_amounts
        on
            asked.claim_id = own_amounts.claim_id
            and asked.line_number = own_amounts.line_number
            and asked.payer_id = own_amounts.payer_id
    inner join int_causes_lines_left as lines
        on
            asked.claim_id = lines.claim_id
            and asked.line_number = lines.line_number
            and asked.payer_id = lines.payer_id
    where
        asked.candidate <> 'itself'
        and abs(amounts.amount_usd - lines.allowed_usd) <= 0.01
        and amounts.amount_usd <> own_amounts.amount_usd
        -- a cap by line explains an allowed charge, not a price below it (RULES 16.9)
        and (
            asked.cause <> 'rate_difference'
            or amounts.amount_usd = lines.charge_usd
        )
),

others as (
    select
        claim_id,
        line_number,
        payer_id,
        array_to_string(
            list_transform(
                list_sort(
                    list(coalesce(cast(1000000 + place as varchar) || said, ''))
                ),
                lambda found: substr(found, 8)
            ),
            '; '
        ) as also_fits
    from fitting
    where place_among_fitting > 1 and cause <> 'rate_difference'
    group by claim_id, line_number, payer_id
),

final as (
    select
        fitting.claim_id,
        fitting.line_number,
        fitting.payer_id,
        fitting.cause,
        -- a row is named by what it says: its number is where it stands in the file
        case
            when fitting.candidate like '% row %' then fitting.said
            else fitting.candidate
        end as candidate,
        fitting.said,
        others.also_fits
    from fitting
    left join others
        on
            fitting.claim_id = others.claim_id
            and fitting.line_number = others.line_number
            and fitting.payer_id = others.payer_id
    where fitting.place_among_fitting = 1
)

select * from final
