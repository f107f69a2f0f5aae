-- what    the contract term in force on every primary line, or why there is none
-- grain   one row per primary claim line and payer
-- key     claim_id, line_number, payer_id
-- reads   int_lines_seeking_term, int_terms_on_record, raw_site, stg_ref__code_successors, stg_ref__contract_terms_left_out
-- beware  of one term_id the latest version wins, and a row that could not be read lets no lesser one price its lines (RULES 8.2)

with

fitting as (
    select
        lines.*,
        terms.row_id,
        terms.term_id,
        terms.effective_from,
        terms.effective_through,
        case
            when terms.ndc11 is not null then 1
            when terms.hcpcs <> '*' then 2
            when terms.drug is not null then 3
            else 4
        end as key_distance,
        case when terms.billing_id = '*' then 1000 else 0 end
        + case when terms.claim_type = '*' then 100 else 0 end
        + case when terms.line_of_business = '*' then 10 else 0 end
        + case
            when terms.ndc11 is not null then 1
            when terms.hcpcs <> '*' then 2
            when terms.drug is not null then 3
            else 4
        end as distance
    from int_lines_seeking_term as lines
    inner join int_terms_on_record as terms
        on
            lines.payer_id = terms.payer_id
            and lines.service_date >= terms.effective_from
            and lines.service_date <= terms.effective_through
            and (
                terms.billing_id = '*'
                or lines.billing_npi = terms.billing_id
                or lines.billing_tax_id = terms.billing_id
            )
            and (terms.claim_type = '*' or lines.claim_type = terms.claim_type)
            and (
                terms.line_of_business = '*'
                or lines.line_of_business = terms.line_of_business
            )
            and (terms.ndc11 is null or lines.ndc11 = terms.ndc11)
            and (terms.hcpcs = '*' or lines.hcpcs = terms.hcpcs)
            and (terms.drug is null or lines.drug = terms.drug)
            and (not lines.is_contradicted or lines.hcpcs = terms.hcpcs)
    qualify
        row_number() over (
            partition by
                lines.claim_id,
                lines.line_number,
                lines.payer_id,
                lines.candidate,
                terms.term_id,
                terms.line_of_business,
                terms.claim_type,
                terms.billing_id,
                terms.ndc11,
                terms.hcpcs,
                terms.drug
            order by terms.recorded_on desc, terms.row_id asc
        ) = 1
),

closest as (
    select *
    from fitting
    qualify
        rank() over (
            partition by claim_id, line_number, payer_id, candidate
            order by distance
        ) = 1
),

-- the codes a line's drug also goes by: CMS's code behind a house code, and the codes
-- either has replaced
other_codes as (
    select distinct
        claim_id,
        line_number,
        payer_id,
        service_date,
        cms_hcpcs as other_hcpcs
    from int_lines_seeking_term
    where cms_hcpcs <> hcpcs
    union
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.service_date,
        successors.old_hcpcs as other_hcpcs
    from int_lines_seeking_term as lines
    inner join stg_ref__code_successors as successors
        on
            (
                lines.hcpcs = successors.new_hcpcs
                or lines.cms_hcpcs = successors.new_hcpcs
            )
            and lines.service_date >= successors.effective_from
),

-- a row left out prices nothing and still names its code
terms_with_code as (
    select
        payer_id,
        hcpcs,
        effective_from,
        effective_through
    from int_terms_on_record
    union all
    select
        left_out.payer_id,
        left_out.hcpcs,
        left_out.effective_from,
        left_out.effective_through
    from stg_ref__contract_terms_left_out as left_out
    cross join raw_site
    where left_out.recorded_on <= raw_site.as_of
),

named_elsewhere as (
    select
        other_codes.claim_id,
        other_codes.line_number,
        other_codes.payer_id,
        min(terms.hcpcs) as named_hcpcs
    from other_codes
    inner join terms_with_code as terms
        on
            other_codes.payer_id = coalesce(terms.payer_id, other_codes.payer_id)
            and other_codes.other_hcpcs = terms.hcpcs
            and other_codes.service_date >= terms.effective_from
            and other_codes.service_date <= terms.effective_through
    group by other_codes.claim_id, other_codes.line_number, other_codes.payer_id
),

per_candidate as (
    select
        claim_id,
        line_number,
        payer_id,
        candidate,
        count(*) as terms_left,
        min(row_id) as row_id,
        max(key_distance) as key_distance,
        max(distance) as distance,
        array_to_string(list_sort(list(term_id)), ', ') as term_ids
    from closest
    group by claim_id, line_number, payer_id, candidate
),

-- rows on file that could not be used and would rank before what is left, or with it
unread_rows as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        min(left_out.row_number) as unread_row
    from int_lines_seeking_term as lines
    inner join stg_ref__contract_terms_left_out as left_out
        on
            (left_out.payer_id is null or lines.payer_id = left_out.payer_id)
            and lines.service_date >= left_out.effective_from
            and lines.service_date <= left_out.effective_through
            and (
                coalesce(left_out.billing_id, '*') = '*'
                or lines.billing_npi = left_out.billing_id
                or lines.billing_tax_id = left_out.billing_id
            )
            and (
                coalesce(left_out.claim_type, '*') = '*'
                or lines.claim_type = left_out.claim_type
            )
            and (
                coalesce(left_out.line_of_business, '*') = '*'
                or lines.line_of_business = left_out.line_of_business
            )
            and (left_out.ndc11 is null or lines.ndc11 = left_out.ndc11)
            and (left_out.hcpcs = '*' or lines.hcpcs = left_out.hcpcs)
            and (left_out.drug is null or lines.drug = left_out.drug)
            and (
                not lines.is_contradicted
                or left_out.is_key_unread
                or lines.hcpcs = left_out.hcpcs
            )
    left join per_candidate
        on
            lines.claim_id = per_candidate.claim_id
            and lines.line_number = per_candidate.line_number
            and lines.payer_id = per_candidate.payer_id
            and lines.candidate = per_candidate.candidate
            and per_candidate.terms_left = 1
    cross join raw_site
    where
        lines.candidate = 1
        and left_out.recorded_on <= raw_site.as_of
        and case when left_out.billing_id = '*' then 1000 else 0 end
        + case when left_out.claim_type = '*' then 100 else 0 end
        + case when left_out.line_of_business = '*' then 10 else 0 end
        + case
            when left_out.is_key_unread or left_out.ndc11 is not null then 1
            when left_out.hcpcs <> '*' then 2
            when left_out.drug is not null then 3
            else 4
        end <= coalesce(per_candidate.distance, 9999)
    group by lines.claim_id, lines.line_number, lines.payer_id
),

answers as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        max(case when lines.candidate = 1 then lines.line_of_business end)
            as line_of_business,
        max(lines.remit_filing_code) as remit_filing_code,
        max(lines.claim_filing_code) as claim_filing_code,
        max(case when lines.candidate = 2 then 1 else 0 end) as has_second_candidate,
        max(case when lines.candidate = 1 then per_candidate.terms_left end)
            as terms_left,
        max(case when lines.candidate = 1 then per_candidate.row_id end) as row_id,
        max(case when lines.candidate = 1 then per_candidate.key_distance end)
            as key_distance,
        max(case when lines.candidate = 2 then per_candidate.row_id end)
            as second_row_id,
        max(case when lines.candidate = 1 then per_candidate.term_ids end) as term_ids
    from int_lines_seeking_term as lines
    left join per_candidate
        on
            lines.claim_id = per_candidate.claim_id
            and lines.line_number = per_candidate.line_number
            and lines.payer_id = per_candidate.payer_id
            and lines.candidate = per_candidate.candidate
    group by lines.claim_id, lines.line_number, lines.payer_id
),

final as (
    select
        answers.claim_id,
        answers.line_number,
        answers.payer_id,
        answers.line_of_business,
        case
            when
                answers.has_second_candidate = 1
                and coalesce(answers.row_id, '') <> coalesce(answers.second_row_id, '')
                then
                    'not priced: line of business unclear (CLP06 '
                    || answers.remit_filing_code || ', SBR09 '
                    || answers.claim_filing_code || ')'
            when unread_rows.unread_row is not null
                then
                    'not priced: row ' || cast(unread_rows.unread_row as varchar)
                    || ' of contract_terms.csv could not be used'
            when answers.terms_left > 1
                then 'not priced: two terms (' || answers.term_ids || ')'
            when answers.row_id is null then 'not priced: no term'
            when answers.key_distance = 4 and named_elsewhere.named_hcpcs is not null
                then
                    'not priced: code replaced, term names '
                    || named_elsewhere.named_hcpcs
        end as no_term_basis,
        case
            when
                answers.terms_left = 1
                and unread_rows.unread_row is null
                and not (
                    answers.has_second_candidate = 1
                    and coalesce(answers.row_id, '')
                    <> coalesce(answers.second_row_id, '')
                )
                then answers.row_id
        end as row_id
    from answers
    left join unread_rows
        on
            answers.claim_id = unread_rows.claim_id
            and answers.line_number = unread_rows.line_number
            and answers.payer_id = unread_rows.payer_id
    left join named_elsewhere
        on
            answers.claim_id = named_elsewhere.claim_id
            and answers.line_number = named_elsewhere.line_number
            and answers.payer_id = named_elsewhere.payer_id
)

select * from final
