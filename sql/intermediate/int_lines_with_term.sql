-- what    the contract term in force on every primary line, or why there is none
-- grain   one row per primary claim line and payer
-- key     claim_id, line_number, payer_id
-- reads   int_claim_lines_with_remit_additions, int_drug_lines_identified, int_lines_with_business, raw_site, stg_ref__code_successors, stg_ref__contract_terms
-- beware  only what was on record at as-of; of one term_id the latest version wins (RULES 8.2)

with

lines as (
    select
        claim_lines.claim_id,
        claim_lines.line_number,
        claim_lines.payer_id,
        claim_lines.hcpcs,
        claim_lines.claim_type,
        claim_lines.billing_npi,
        claim_lines.billing_tax_id,
        claim_lines.service_date,
        claim_lines.service_through_date,
        business.candidate,
        business.line_of_business,
        drug_lines.ndc11,
        drug_lines.drug,
        drug_lines.cms_hcpcs,
        coalesce(drug_lines.identity_basis, '') = 'ndc_contradicts_code'
            as is_contradicted
    from int_claim_lines_with_remit_additions as claim_lines
    inner join int_lines_with_business as business
        on
            claim_lines.claim_id = business.claim_id
            and claim_lines.line_number = business.line_number
            and claim_lines.payer_id = business.payer_id
            and claim_lines.payer_rank = business.payer_rank
    left join int_drug_lines_identified as drug_lines
        on
            claim_lines.claim_id = drug_lines.claim_id
            and claim_lines.line_number = drug_lines.line_number
            and claim_lines.payer_id = drug_lines.payer_id
            and claim_lines.payer_rank = drug_lines.payer_rank
    where claim_lines.payer_rank = 'primary'
),

fitting as (
    select
        lines.*,
        terms.row_id,
        terms.term_id,
        terms.effective_from,
        terms.effective_through,
        case when terms.billing_id = '*' then 1 else 0 end as billing_distance,
        case when terms.claim_type = '*' then 1 else 0 end as claim_type_distance,
        case when terms.line_of_business = '*' then 1 else 0 end as business_distance,
        case
            when terms.ndc11 is not null then 1
            when terms.hcpcs <> '*' then 2
            when terms.drug is not null then 3
            else 4
        end as key_distance
    from lines
    inner join stg_ref__contract_terms as terms
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
    cross join raw_site
    where terms.recorded_on <= raw_site.as_of
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
            order by
                billing_distance, claim_type_distance, business_distance, key_distance
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
    from lines
    where cms_hcpcs <> hcpcs
    union
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.service_date,
        successors.old_hcpcs as other_hcpcs
    from lines
    inner join stg_ref__code_successors as successors
        on
            (
                lines.hcpcs = successors.new_hcpcs
                or lines.cms_hcpcs = successors.new_hcpcs
            )
            and lines.service_date >= successors.effective_from
),

named_elsewhere as (
    select
        other_codes.claim_id,
        other_codes.line_number,
        other_codes.payer_id,
        min(terms.hcpcs) as named_hcpcs
    from other_codes
    inner join stg_ref__contract_terms as terms
        on
            other_codes.payer_id = terms.payer_id
            and other_codes.other_hcpcs = terms.hcpcs
            and other_codes.service_date >= terms.effective_from
            and other_codes.service_date <= terms.effective_through
    cross join raw_site
    where terms.recorded_on <= raw_site.as_of
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
        array_to_string(list_sort(list(term_id)), ', ') as term_ids
    from closest
    group by claim_id, line_number, payer_id, candidate
),

answers as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        max(case when lines.candidate = 1 then lines.line_of_business end)
            as line_of_business,
        max(case when lines.candidate = 2 then 1 else 0 end) as has_second_candidate,
        max(case when lines.candidate = 1 then per_candidate.terms_left end)
            as terms_left,
        max(case when lines.candidate = 1 then per_candidate.row_id end) as row_id,
        max(case when lines.candidate = 1 then per_candidate.key_distance end)
            as key_distance,
        max(case when lines.candidate = 2 then per_candidate.row_id end)
            as second_row_id,
        max(case when lines.candidate = 1 then per_candidate.term_ids end) as term_ids
    from lines
    left join per_candidate
        on
            lines.claim_id = per_candidate.claim_id
            and lines.line_number = per_candidate.line_number
            and lines.payer_id = per_candidate.payer_id
            and lines.candidate = per_candidate.candidate
    group by lines.claim_id, lines.line_number, lines.payer_id
),

codes_sent as (
    select distinct
        claim_id,
        line_number,
        payer_id,
        remit_filing_code,
        claim_filing_code
    from int_lines_with_business
    where payer_rank = 'primary'
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
                    || codes_sent.remit_filing_code || ', SBR09 '
                    || codes_sent.claim_filing_code || ')'
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
                and not (
                    answers.has_second_candidate = 1
                    and coalesce(answers.row_id, '')
                    <> coalesce(answers.second_row_id, '')
                )
                then answers.row_id
        end as row_id
    from answers
    inner join codes_sent
        on
            answers.claim_id = codes_sent.claim_id
            and answers.line_number = codes_sent.line_number
            and answers.payer_id = codes_sent.payer_id
    left join named_elsewhere
        on
            answers.claim_id = named_elsewhere.claim_id
            and answers.line_number = named_elsewhere.line_number
            and answers.payer_id = named_elsewhere.payer_id
)

select * from final
