-- what    every file received and what became of each of its segments
-- grain   one row per path below the raw folder
-- key     source_file
-- reads   stg_x12__files, int_transactions_counted_once, stg_835__remit_claims, stg_835__remit_lines, stg_837__claims, stg_837__claim_lines
-- beware  segments = loaded + rejected + duplicate + not ours, always; of a flat extract a data row is one

with

files as (
    select
        *,
        row_number() over (partition by file_sha256 order by source_file) as copy_number
    from stg_x12__files
),

remit_claims as (
    select
        transaction_id,
        count(*) as claims,
        sum(charge_usd) as charge_usd,
        sum(paid_usd) as paid_usd
    from stg_835__remit_claims
    group by all
),

remit_lines as (
    select
        remit_claims_of_lines.transaction_id,
        count(*) as lines
    from stg_835__remit_lines
    inner join stg_835__remit_claims as remit_claims_of_lines
        on stg_835__remit_lines.remit_claim_id = remit_claims_of_lines.remit_claim_id
    group by remit_claims_of_lines.transaction_id
),

claims as (
    select
        transaction_id,
        count(*) as claims,
        sum(charge_usd) as charge_usd
    from stg_837__claims
    group by all
),

claim_lines as (
    select
        claims_of_lines.transaction_id,
        count(*) as lines
    from stg_837__claim_lines
    inner join stg_837__claims as claims_of_lines
        on stg_837__claim_lines.submission_id = claims_of_lines.submission_id
    group by claims_of_lines.transaction_id
),

transactions as (
    select
        transactions.file_sha256,
        count(*) as transactions,
        count(case when transactions.status = 'loaded' then 1 end)
            as loaded_transactions,
        sum(
            case
                when transactions.status = 'duplicate' then transactions.segments
                else 0
            end
        ) as duplicate_segments,
        sum(
            case
                when transactions.status = 'not_ours' then transactions.segments
                else 0
            end
        ) as not_ours_segments,
        sum(coalesce(remit_claims.claims, 0) + coalesce(claims.claims, 0)) as claims,
        sum(coalesce(remit_lines.lines, 0) + coalesce(claim_lines.lines, 0)) as lines,
        sum(coalesce(remit_claims.charge_usd, 0) + coalesce(claims.charge_usd, 0))
            as charge_usd,
        sum(coalesce(remit_claims.paid_usd, 0)) as paid_usd
    from int_transactions_counted_once as transactions
    left join remit_claims
        on transactions.transaction_id = remit_claims.transaction_id
    left join remit_lines
        on transactions.transaction_id = remit_lines.transaction_id
    left join claims
        on transactions.transaction_id = claims.transaction_id
    left join claim_lines
        on transactions.transaction_id = claim_lines.transaction_id
    group by transactions.file_sha256
),

counted as (
    select
        files.*,
        files.kind in (
            'claim_lines', 'remit_lines', 'adjustments', 'administrations', 'asks',
            'columns'
        ) as is_extract,
        coalesce(transactions.transactions, 0) as transactions,
        coalesce(transactions.loaded_transactions, 0) as loaded_transactions,
        case
            when files.copy_number > 1 then files.segments
            else
                files.segments_duplicate + coalesce(transactions.duplicate_segments, 0)
        end as segments_repeated,
        case
            when files.copy_number > 1 then 0
            else
                files.segments_not_ours + coalesce(transactions.not_ours_segments, 0)
        end as segments_foreign,
        case when files.copy_number > 1 then 0 else files.segments_rejected end
            as segments_refused,
        coalesce(transactions.claims, 0) as claims,
        coalesce(transactions.lines, 0) as lines,
        coalesce(transactions.charge_usd, 0) as charge_usd,
        coalesce(transactions.paid_usd, 0) as paid_usd
    from files
    left join transactions
        on files.file_sha256 = transactions.file_sha256
),

final as (
    select
        source_file,
        file_sha256 as sha256,
        bytes,
        kind,
        received_at,
        case
            when copy_number > 1 then 'duplicate'
            when is_extract and segments > 0 and segments_refused = segments
                then 'rejected'
            when is_extract and segments_refused > 0 then 'partly_rejected'
            when
                is_extract
                and (segments = 0 or segments > segments_repeated + segments_foreign)
                then 'loaded'
            when is_extract and segments_repeated > 0 then 'duplicate'
            when is_extract then 'not_ours'
            when kind not in ('835', '837P', '837I', '837D', 'mixed', 'x12_other')
                then 'rejected'
            when transactions = 0 and segments_refused > 0 then 'rejected'
            when transactions = 0 then 'not_ours'
            when segments_refused > 0 then 'partly_rejected'
            when loaded_transactions > 0 then 'loaded'
            when segments_repeated > 0 then 'duplicate'
            else 'not_ours'
        end as status,
        case
            when copy_number > 1 then 'same content as a file already received'
            when is_extract and segments > 0 and segments_repeated = segments
                then 'every row in it came before in another file'
            when
                not is_extract and loaded_transactions = 0 and segments_repeated > 0
                then 'every transaction in it came before in another file'
            else reason
        end as reason,
        cast(segments as bigint) as segments,
        cast(
            segments - segments_repeated - segments_foreign - segments_refused
            as bigint
        ) as segments_loaded,
        cast(segments_refused as bigint) as segments_rejected,
        cast(segments_repeated as bigint) as segments_duplicate,
        cast(segments_foreign as bigint) as segments_not_ours,
        cast(claims as bigint) as claims,
        cast(lines as bigint) as lines,
        cast(charge_usd as decimal(18, 2)) as charge_usd,
        cast(paid_usd as decimal(18, 2)) as paid_usd
    from counted
)

select * from final
