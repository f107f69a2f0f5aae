-- what    remits that do not add up: loaded, marked, their contradicting lines out of every gap
-- reads   remit_balances
-- likely  a payer's own error, a file cut short, or an EOB typed wrong

select
    source_file,
    transaction_number,
    line_difference_usd,
    claim_difference_usd,
    transaction_difference_usd,
    greatest(line_difference_usd, claim_difference_usd, transaction_difference_usd)
        as usd,
    source_file || ', transaction ' || cast(transaction_number as varchar)
    || ': the remit does not balance (lines '
    || coalesce('off by $' || cast(line_difference_usd as varchar), 'not told')
    || ', claims '
    || coalesce('by $' || cast(claim_difference_usd as varchar), 'not told')
    || ', payment '
    || coalesce('by $' || cast(transaction_difference_usd as varchar), 'not told')
    || case
        when has_se is null then '). Compare the extract with what the payer sent.'
        when has_se then '). Ask the payer for a corrected 835.'
        else '). The file is cut off before its SE: ask the sender for it again.'
    end as sentence
from remit_balances
where not balanced
order by usd desc, source_file asc, transaction_number asc
