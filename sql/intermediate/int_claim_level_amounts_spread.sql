-- what    amounts that stand at claim level on a remit, spread over its lines to the cent
-- grain   one row per claim-level amount and line it is spread over
-- key     remit_claim_id, item_number, place
-- reads   int_claim_level_amounts_to_spread
-- beware  the one place where an amount is spread by weights: other tables run this SELECT by `-- same`

with

shares as (
    select
        *,
        cast(abs(amount_usd) * 100 as decimal(19, 0)) as amount_cents,
        cast(
            sum(weight) over (partition by owner_id, payer_id, item) as decimal(19, 0)
        ) as weights
    from int_claim_level_amounts_to_spread
),

-- the double quotient can be one off; the exact remainder says so
near_quotients as (
    select
        *,
        cast(
            floor(
                cast(amount_cents * weight as double)
                / nullif(cast(weights as double), 0)
            ) as decimal(19, 0)
        ) as near_cents
    from shares
),

whole_cents as (
    select
        * exclude (near_cents),
        case
            when amount_cents * weight < near_cents * weights then near_cents - 1
            when
                amount_cents * weight
                >= cast(near_cents + 1 as decimal(19, 0)) * weights
                then near_cents + 1
            else near_cents
        end as share_cents
    from near_quotients
),

remainders as (
    select
        *,
        amount_cents * weight - share_cents * weights as remainder,
        amount_cents - sum(share_cents) over (
            partition by owner_id, payer_id, item
        ) as cents_left
    from whole_cents
),

final as (
    select
        * exclude (
            owner_id,
            item,
            weight,
            weights,
            amount_cents,
            share_cents,
            remainder,
            cents_left
        ),
        cast(
            case when amount_usd < 0 then -1 else 1 end * (
                share_cents + case
                    when
                        row_number() over (
                            partition by owner_id, payer_id, item
                            order by remainder desc, place asc
                        ) <= cents_left
                        then 1
                    else 0
                end
            ) * cast(0.01 as decimal(3, 2)) as decimal(18, 2)
        ) as spread_usd
    from remainders
)

select * from final
