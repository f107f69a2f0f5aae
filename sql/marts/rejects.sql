-- what    every piece of a file that could not be used, and why
-- grain   one row per piece
-- key     source_file, byte_offset, reason, piece_number
-- reads   raw_x12__rejects, stg_x12__files, raw_ref__rejects
-- beware  never the text of the piece itself: it can name a patient

with

pieces as (
    select
        files.source_file,
        coalesce(rejected.source_offset, 0) as byte_offset,
        coalesce(rejected.segment_id, '') as segment_id,
        rejected.piece,
        rejected.reason
    from raw_x12__rejects as rejected
    inner join stg_x12__files as files
        on rejected.file_sha256 = files.file_sha256
    union all
    select
        source_file,
        0 as byte_offset,
        '' as segment_id,
        'row ' || row_number as piece,
        reason
    from raw_ref__rejects
),

final as (
    select
        *,
        row_number() over (
            partition by source_file, byte_offset, reason
            order by piece, segment_id
        ) as piece_number
    from pieces
)

select * from final
