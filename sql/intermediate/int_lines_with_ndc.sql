-- what    what a line says about its drug: its code, its day, and its NDC in eleven digits
-- grain   one row per claim line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_claim_lines_with_remit_additions
-- beware  an NDC that is not eleven digits in the end is sent and unknown (RULES 7.1)

with

digits as (
    select
        *,
        case
            when regexp_matches(ndc, '^[0-9]{4}-[0-9]{4}-[0-9]{2}$') then '0' || ndc
            when
                regexp_matches(ndc, '^[0-9]{5}-[0-9]{3}-[0-9]{2}$')
                then substr(ndc, 1, 6) || '0' || substr(ndc, 7)
            when
                regexp_matches(ndc, '^[0-9]{5}-[0-9]{4}-[0-9]{1}$')
                then substr(ndc, 1, 11) || '0' || substr(ndc, 12)
            else ndc
        end as padded_ndc
    from int_claim_lines_with_remit_additions
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        hcpcs,
        service_date,
        -- a line without a date is looked up as of the end of time: the latest there is
        coalesce(service_date, date '9999-12-31') as identity_date,
        revenue_code,
        ndc is not null as has_ndc,
        case
            when
                regexp_matches(replace(padded_ndc, '-', ''), '^[0-9]{11}$')
                then replace(padded_ndc, '-', '')
        end as ndc11
    from digits
)

select * from final
