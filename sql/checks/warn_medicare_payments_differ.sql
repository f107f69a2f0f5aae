-- what    Medicare payments that are not what the limit, the patient's share and sequestration come to
-- reads   medicare_payments, drug_line_outcomes
-- likely  a coinsurance other than the quarter's, a cut other than the law's, or a line allowed at another price

with

payments as (
    select
        coalesce(payments.payer_name, payments.payer_id) as payer_text,
        payments.difference_usd,
        greatest(payments.difference_usd, 0) as too_little_usd,
        greatest(-payments.difference_usd, 0) as too_much_usd,
        -- of the others a shortfall, what was overpaid or an unsupported cut tells already
        payments.shortfall_usd = 0
        and payments.overpaid_usd = 0
        and lines.unsupported_cut_usd = 0 as is_told_nowhere
    from medicare_payments as payments
    inner join drug_line_outcomes as lines
        on
            payments.claim_id = lines.claim_id
            and payments.line_number = lines.line_number
            and payments.payer_id = lines.payer_id
            and payments.payer_rank = lines.payer_rank
    where payments.payment_check = 'differs'
),

payers as (
    select
        payer_text,
        count(*) as payments,
        count(case when difference_usd > 0 then 1 end) as payments_too_little,
        sum(too_little_usd) as too_little_usd,
        count(case when difference_usd < 0 then 1 end) as payments_too_much,
        sum(too_much_usd) as too_much_usd,
        sum(case when is_told_nowhere then too_little_usd else 0 end)
            as untold_too_little_usd,
        sum(case when is_told_nowhere then too_much_usd else 0 end)
            as untold_too_much_usd
    from payments
    group by payer_text
)

select
    payer_text as payer_name,
    payments_too_little,
    cast(too_little_usd as decimal(18, 2)) as too_little_usd,
    payments_too_much,
    cast(too_much_usd as decimal(18, 2)) as too_much_usd,
    cast(too_little_usd + too_much_usd as decimal(18, 2)) as usd,
    payer_text || ' paid $' || cast(cast(too_little_usd as decimal(18, 2)) as varchar)
    || ' too little on ' || cast(payments_too_little as varchar) || ' and $'
    || cast(cast(too_much_usd as decimal(18, 2)) as varchar) || ' too much on '
    || cast(payments_too_much as varchar) || ' of ' || cast(payments as varchar)
    || case when payments = 1 then ' payment' else ' payments' end
    || ' that differ from the limit less patient share and sequestration; $'
    || cast(cast(untold_too_little_usd as decimal(18, 2)) as varchar)
    || ' of it too little and $'
    || cast(cast(untold_too_much_usd as decimal(18, 2)) as varchar)
    || ' too much on lines where neither a shortfall, an overpayment nor an unsupported'
    || ' cut says so. medicare_payments has the arithmetic of each.' as sentence
from payers
order by usd desc, payer_name asc
