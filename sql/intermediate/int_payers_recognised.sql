-- what    which payer each id and name in the files stands for
-- grain   one row per combination of ids and name as sent
-- key     payer_code, payer_other_code, payer_name_sent
-- reads   stg_835__remits, stg_837__claims, stg_ref__payers, stg_ref__payer_aliases
-- beware  an unrecognised payer keeps a payer_id of its own, unknown:<name>

with

as_sent as (
    select
        payer_code,
        payer_other_code,
        payer_name as payer_name_sent
    from stg_835__remits
    union
    select
        payer_code,
        '' as payer_other_code,
        payer_name as payer_name_sent
    from stg_837__claims
),

names as (
    select
        alias_key,
        payer_id,
        1 as precedence
    from stg_ref__payer_aliases
    union all
    select
        replace(upper(payer_id), ' ', '') as alias_key,
        payer_id,
        2 as precedence
    from stg_ref__payers
    union all
    select
        replace(upper(payer_name), ' ', '') as alias_key,
        payer_id,
        3 as precedence
    from stg_ref__payers
),

names_once as (
    select
        alias_key,
        payer_id
    from names
    where alias_key <> ''
    qualify
        row_number() over (partition by alias_key order by precedence, payer_id) = 1
),

recognised as (
    select
        as_sent.*,
        coalesce(by_code.payer_id, by_other_code.payer_id, by_name.payer_id)
            as payer_id
    from as_sent
    left join names_once as by_code
        on replace(upper(as_sent.payer_code), ' ', '') = by_code.alias_key
    left join names_once as by_other_code
        on replace(upper(as_sent.payer_other_code), ' ', '') = by_other_code.alias_key
    left join names_once as by_name
        on replace(upper(as_sent.payer_name_sent), ' ', '') = by_name.alias_key
),

final as (
    select
        recognised.payer_code,
        recognised.payer_other_code,
        recognised.payer_name_sent,
        coalesce(
            stg_ref__payers.payer_id,
            'unknown:' || upper(
                trim(
                    regexp_replace(
                        coalesce(
                            nullif(recognised.payer_name_sent, ''),
                            nullif(recognised.payer_code, ''),
                            'NO NAME'
                        ),
                        ' +', ' ', 'g'
                    )
                )
            )
        ) as payer_id,
        coalesce(
            stg_ref__payers.payer_name,
            upper(
                trim(
                    regexp_replace(
                        coalesce(
                            nullif(recognised.payer_name_sent, ''),
                            nullif(recognised.payer_code, ''),
                            'NO NAME'
                        ),
                        ' +', ' ', 'g'
                    )
                )
            )
        ) as payer_name,
        stg_ref__payers.payer_id is not null as is_known,
        stg_ref__payers.line_of_business as payer_line_of_business
    from recognised
    left join stg_ref__payers
        on recognised.payer_id = stg_ref__payers.payer_id
)

select * from final
