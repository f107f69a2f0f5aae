-- what    every CMS limit published by as-of, and whether the drug's ASP can be told from it
-- grain   one row per quarter, code and publication
-- key     effective_quarter, hcpcs, published_on
-- reads   stg_ref__payment_limits, stg_ref__drug_codes, raw_site
-- beware  no_asp_because is asked only by asp_plus terms (RULES 8.6); the first publication of a quarter counts for the days before it too (RULES 8.5)

with

known as (
    select
        limits.*,
        case
            when
                row_number() over (
                    partition by limits.hcpcs, limits.effective_quarter
                    order by limits.published_on
                ) = 1
                then date '0001-01-01'
            else limits.published_on
        end as latest_from,
        coalesce(
            lead(limits.published_on) over (
                partition by limits.hcpcs, limits.effective_quarter
                order by limits.published_on
            ), date '9999-12-31'
        ) as latest_until,
        ' ' || replace(
            replace(lower(coalesce(limits.notes, '')), chr(10), ' '), chr(13), ' '
        ) || ' ' as note
    from stg_ref__payment_limits as limits
    cross join raw_site
    where limits.published_on <= raw_site.as_of
),

-- two limits of one quarter, and an order of theirs that an estimated date does not prove
restated as (
    select
        hcpcs,
        effective_quarter
    from known
    where payment_limit_usd is not null
    group by hcpcs, effective_quarter
    having
        count(distinct payment_limit_usd) > 1
        and max(case when is_date_estimated then 1 else 0 end) = 1
),

-- the limit of a quarter is its latest publication
latest as (
    select
        hcpcs,
        effective_quarter,
        payment_limit_usd
    from known
    qualify
        row_number() over (
            partition by hcpcs, effective_quarter
            order by published_on desc
        ) = 1
),

of_quarters as (
    select *
    from latest
    where payment_limit_usd is not null
),

first_quarters as (
    select *
    from of_quarters
    qualify
        row_number() over (partition by hcpcs order by effective_quarter) = 1
),

first_moves as (
    select
        of_quarters.hcpcs,
        min(of_quarters.effective_quarter) as moved_in_quarter
    from of_quarters
    inner join first_quarters
        on of_quarters.hcpcs = first_quarters.hcpcs
    where of_quarters.payment_limit_usd <> first_quarters.payment_limit_usd
    group by of_quarters.hcpcs
),

biosimilars as (
    select distinct hcpcs
    from stg_ref__drug_codes
    where is_biosimilar
),

-- every month is one word, so that what a note says beside them is what is left of it
months as (
    select
        *,
        replace(replace(replace(replace(replace(replace(
            replace(
                replace(replace(replace(replace(replace(
                    regexp_replace(note, '[-,; ]+', ' ', 'g'),
                    ' january ', ' month '
                ), ' february ', ' month '), ' march ', ' month '),
                ' april ', ' month '), ' may ', ' month '), ' june ', ' month '
            ), ' july ', ' month '
        ), ' august ', ' month '), ' september ', ' month '),
        ' october ', ' month '), ' november ', ' month '), ' december ', ' month ')
            as words
    from known
),

final as (
    select
        months.effective_quarter,
        months.hcpcs,
        months.published_on,
        months.is_date_estimated,
        months.latest_from,
        months.latest_until,
        restated.hcpcs is not null as has_restatement_of_estimated_date,
        months.payment_limit_usd,
        months.coinsurance_fraction,
        months.notes,
        case
            when
                trim(
                    regexp_replace(
                        regexp_replace(
                            replace(
                                months.words, ' inflation adjusted coinsurance', ''
                            ),
                            ' added month [0-9]{4}', '', 'g'
                        ),
                        ' updated month [0-9]{4}', '', 'g'
                    )
                ) <> ''
                then 'its note'
            when biosimilars.hcpcs is not null then 'a biosimilar'
            when
                coalesce(
                    first_moves.moved_in_quarter > months.effective_quarter, true
                )
                then 'unchanged since its first quarter'
        end as no_asp_because
    from months
    left join biosimilars
        on months.hcpcs = biosimilars.hcpcs
    left join first_moves
        on months.hcpcs = first_moves.hcpcs
    left join restated
        on
            months.hcpcs = restated.hcpcs
            and months.effective_quarter = restated.effective_quarter
)

select * from final
