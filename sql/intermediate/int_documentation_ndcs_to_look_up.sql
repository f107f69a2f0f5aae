-- what    the NDCs that were meant, had the padding zero of an unknown one been put elsewhere
-- grain   one row per unknown NDC, day and other place of its zero
-- key     sent_ndc11, ndc11, identity_date
-- reads   int_documentation_lines
-- beware  5-4-2: a leading zero of one part is taken out and put before another (RULES 20.2)

with

unknown as (
    select distinct
        ndc11 as sent_ndc11,
        coalesce(service_date, date '9999-12-31') as identity_date
    from int_documentation_lines
    where ndc11 is not null and not has_known_ndc
),

ten_digits as (
    select
        sent_ndc11,
        identity_date,
        'labeler' as zero_of,
        substr(sent_ndc11, 2) as digits
    from unknown
    where substr(sent_ndc11, 1, 1) = '0'
    union all
    select
        sent_ndc11,
        identity_date,
        'product' as zero_of,
        substr(sent_ndc11, 1, 5) || substr(sent_ndc11, 7) as digits
    from unknown
    where substr(sent_ndc11, 6, 1) = '0'
    union all
    select
        sent_ndc11,
        identity_date,
        'package' as zero_of,
        substr(sent_ndc11, 1, 9) || substr(sent_ndc11, 11) as digits
    from unknown
    where substr(sent_ndc11, 10, 1) = '0'
),

moved as (
    select
        sent_ndc11,
        identity_date,
        '0' || digits as ndc11
    from ten_digits
    where zero_of <> 'labeler'
    union all
    select
        sent_ndc11,
        identity_date,
        substr(digits, 1, 5) || '0' || substr(digits, 6) as ndc11
    from ten_digits
    where zero_of <> 'product'
    union all
    select
        sent_ndc11,
        identity_date,
        substr(digits, 1, 9) || '0' || substr(digits, 10) as ndc11
    from ten_digits
    where zero_of <> 'package'
),

final as (
    select distinct
        sent_ndc11,
        ndc11,
        identity_date
    from moved
)

select * from final
