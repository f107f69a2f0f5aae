-- what    the line of business of every line, with every candidate where sources disagree
-- grain   one row per claim line, payer, rank and candidate line of business
-- key     claim_id, line_number, payer_id, payer_rank, candidate
-- reads   int_claim_lines_with_remit_additions, int_event_lines, stg_ref__payer_lines
-- beware  candidate 1 is the answer; candidate 2 exists only to see whether the term would change (RULES 8.1)

with

first_payments as (
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        filing_code as remit_filing_code
    from int_event_lines
    where event_state = 'live' and speaks
    qualify
        row_number() over (
            partition by claim_id, line_number, payer_id, payer_rank
            order by event_order
        ) = 1
),

lines as (
    select
        claim_lines.claim_id,
        claim_lines.line_number,
        claim_lines.payer_id,
        claim_lines.payer_rank,
        claim_lines.group_number,
        claim_lines.payer_line_of_business,
        claim_lines.filing_code as claim_filing_code,
        first_payments.remit_filing_code
    from int_claim_lines_with_remit_additions as claim_lines
    left join first_payments
        on
            claim_lines.claim_id = first_payments.claim_id
            and claim_lines.line_number = first_payments.line_number
            and claim_lines.payer_id = first_payments.payer_id
            and claim_lines.payer_rank = first_payments.payer_rank
),

payer_lines_that_fit as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.payer_rank,
        payer_lines.line_of_business
    from lines
    inner join stg_ref__payer_lines as payer_lines
        on
            lines.payer_id = payer_lines.payer_id
            and (
                payer_lines.group_number = '*'
                or lines.group_number = payer_lines.group_number
            )
            and (
                payer_lines.filing_code = '*'
                or lines.remit_filing_code = payer_lines.filing_code
                or lines.claim_filing_code = payer_lines.filing_code
            )
    qualify
        rank() over (
            partition by
                lines.claim_id, lines.line_number, lines.payer_id, lines.payer_rank
            order by
                case when payer_lines.group_number = '*' then 0 else 2 end
                + case when payer_lines.filing_code = '*' then 0 else 1 end desc
        ) = 1
),

payer_lines_decided as (
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        min(line_of_business) as line_of_business
    from payer_lines_that_fit
    group by claim_id, line_number, payer_id, payer_rank
    having count(distinct line_of_business) = 1
),

mapped as (
    select
        lines.*,
        payer_lines_decided.line_of_business as site_line_of_business,
        case
            when
                lines.remit_filing_code in ('12', '13', '14', '15', 'BL', 'CI', 'HM')
                then 'commercial'
            when lines.remit_filing_code = '16' then 'medicare_advantage'
            when lines.remit_filing_code = 'MC' then 'medicaid'
            when
                lines.remit_filing_code in ('MA', 'MB')
                and lines.payer_line_of_business = 'medicare_ffs'
                then 'medicare_ffs'
        end as remit_line_of_business,
        case
            when
                lines.claim_filing_code in ('12', '13', '14', '15', 'BL', 'CI', 'HM')
                then 'commercial'
            when lines.claim_filing_code = '16' then 'medicare_advantage'
            when lines.claim_filing_code = 'MC' then 'medicaid'
            when
                lines.claim_filing_code in ('MA', 'MB')
                and lines.payer_line_of_business = 'medicare_ffs'
                then 'medicare_ffs'
        end as claim_line_of_business
    from lines
    left join payer_lines_decided
        on
            lines.claim_id = payer_lines_decided.claim_id
            and lines.line_number = payer_lines_decided.line_number
            and lines.payer_id = payer_lines_decided.payer_id
            and lines.payer_rank = payer_lines_decided.payer_rank
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        1 as candidate,
        coalesce(
            site_line_of_business,
            remit_line_of_business,
            claim_line_of_business,
            payer_line_of_business,
            'other'
        ) as line_of_business,
        remit_filing_code,
        claim_filing_code
    from mapped
    union all
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        2 as candidate,
        claim_line_of_business as line_of_business,
        remit_filing_code,
        claim_filing_code
    from mapped
    where
        site_line_of_business is null
        and remit_line_of_business <> claim_line_of_business
)

select * from final
