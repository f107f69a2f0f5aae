-- what    every file received, as found below the raw folder
-- grain   one row per path
-- key     source_file
-- reads   raw_x12__files

select
    source_file,
    file_sha256,
    bytes,
    kind,
    received_at,
    segments,
    segments_rejected,
    segments_not_ours,
    segments_duplicate,
    reason
from raw_x12__files
