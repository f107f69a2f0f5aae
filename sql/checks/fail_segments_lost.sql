-- what    files whose segments are not all accounted for
-- reads   load_ledger
-- likely  a piece of a file was parsed twice or not at all

select
    source_file,
    segments,
    segments_loaded,
    segments_rejected,
    segments_duplicate,
    segments_not_ours
from load_ledger
where
    segments_loaded < 0
    or segments
    <> segments_loaded + segments_rejected + segments_duplicate + segments_not_ours
