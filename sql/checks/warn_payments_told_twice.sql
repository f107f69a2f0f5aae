-- what    remits of one payer, day and trace number with other contents: all are loaded
-- reads   int_payers_recognised, int_transactions_counted_once, stg_835__remit_claims, stg_835__remits
-- likely  one payment told twice, by two senders or in an edited copy: it counts twice

with

paid as (
    select
        transaction_id,
        sum(paid_usd) as paid_usd
    from stg_835__remit_claims
    group by all
),

remits as (
    select
        payers.payer_id,
        payers.payer_name,
        remits.trace_number,
        coalesce(remits.payment_date, remits.production_date) as payment_date,
        remits.payment_amount_usd,
        coalesce(paid.paid_usd, 0) as paid_usd,
        transactions.source_file
    from stg_835__remits as remits
    inner join int_transactions_counted_once as transactions
        on
            remits.transaction_id = transactions.transaction_id
            and transactions.status = 'loaded'
    inner join int_payers_recognised as payers
        on
            remits.payer_code = payers.payer_code
            and remits.payer_other_code = payers.payer_other_code
            and remits.payer_name = payers.payer_name_sent
    left join paid on remits.transaction_id = paid.transaction_id
    where remits.trace_number is not null
),

told as (
    select
        payer_id,
        payer_name,
        trace_number,
        payment_date,
        count(*) as remits,
        count(distinct payment_amount_usd) as amounts,
        count(payment_amount_usd) as stated_amounts,
        min(source_file) as one_file,
        max(source_file) as other_file,
        cast(sum(paid_usd) - max(paid_usd) as decimal(18, 2)) as usd
    from remits
    group by all
)

select
    payer_name,
    trace_number,
    payment_date,
    remits,
    usd,
    payer_name || ', payment ' || trace_number || ' of '
    || cast(payment_date as varchar) || ': '
    || cast(remits as varchar) || ' remits, in ' || one_file
    || case when other_file <> one_file then ' and ' || other_file else '' end
    || ', say what one may have said; $' || cast(usd as varchar)
    || ' may count twice. Take the copy out of the raw folder.' as sentence
from told
where remits > 1 and (amounts < stated_amounts or stated_amounts < remits)
order by usd desc, payer_name asc, trace_number asc
