-- what    which transactions count: each content once, test interchanges never
-- grain   one row per transaction received
-- key     transaction_id
-- reads   stg_x12__transactions, stg_x12__files, int_cut_off_copies
-- beware  status duplicate and not_ours rows stay here, for the ledger

with

files as (
    select
        file_sha256,
        min(source_file) as source_file
    from stg_x12__files
    group by all
),

transactions as (
    select
        stg_x12__transactions.*,
        files.source_file,
        cut_off.transaction_id is not null as is_cut_off_copy
    from stg_x12__transactions
    inner join files
        on stg_x12__transactions.file_sha256 = files.file_sha256
    left join int_cut_off_copies as cut_off
        on stg_x12__transactions.transaction_id = cut_off.transaction_id
),

copies_in_order as (
    select
        *,
        transaction_type in ('835', '837P', '837I')
        and coalesce(usage_indicator, 'P') <> 'T' as is_ours,
        row_number() over (
            partition by
                content_sha256, coalesce(usage_indicator, 'P') = 'T'
            order by
                case when has_se then 0 else 1 end,
                gs_date, gs_time, isa_control, st_control, source_file, source_offset
        ) as copy_number
    from transactions
),

final as (
    select
        transaction_id,
        file_sha256,
        transaction_number,
        source_file,
        transaction_type,
        gs_date,
        gs_time,
        isa_control,
        st_control,
        content_sha256,
        has_se,
        segments,
        source_offset,
        case
            when not is_ours then 'not_ours'
            when copy_number > 1 or is_cut_off_copy then 'duplicate'
            else 'loaded'
        end as status
    from copies_in_order
)

select * from final
