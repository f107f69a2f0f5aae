-- what    the other rows of the contract a short or overpaid line may have been priced by
-- grain   one row per line left and other row of its term or contract
-- key     claim_id, line_number, payer_id, candidate
-- reads   int_causes_lines_left, raw_site, stg_ref__contract_terms
-- beware  whatever their dates: the term's own rows first, the latest recorded first; of rows of another term that say the same rate the first stands for all (RULES 16.7)

with

terms as (
    select
        terms_on_file.*,
        row_number() over (
            order by
                terms_on_file.recorded_on desc,
                terms_on_file.effective_from desc,
                length(terms_on_file.row_id) asc,
                terms_on_file.row_id asc
        ) as place,
        row_number() over (
            partition by
                terms_on_file.payer_id,
                terms_on_file.contract_id,
                terms_on_file.method,
                terms_on_file.rate,
                terms_on_file.price_decimals,
                terms_on_file.charge_cap,
                terms_on_file.price_vintage,
                terms_on_file.price_lag_days
            order by
                terms_on_file.recorded_on desc,
                terms_on_file.effective_from desc,
                length(terms_on_file.row_id) asc,
                terms_on_file.row_id asc
        ) as place_among_alike,
        'term ' || terms_on_file.term_id || ' (' || terms_on_file.method || ' '
        || regexp_replace(cast(terms_on_file.rate as varchar), '[.]?0+$', '')
        || case
            when terms_on_file.effective_from > date '0001-01-01'
                then ', from ' || cast(terms_on_file.effective_from as varchar)
            else ''
        end
        || case
            when terms_on_file.effective_through < date '9999-12-31'
                then ' to ' || cast(terms_on_file.effective_through as varchar)
            else ''
        end
        || case
            when terms_on_file.recorded_on > date '0001-01-01'
                then ', recorded ' || cast(terms_on_file.recorded_on as varchar)
            else ''
        end
        || coalesce(
            ', ' || cast(cast(terms_on_file.price_decimals as int) as varchar)
            || ' decimals', ''
        )
        || case
            when terms_on_file.charge_cap <> 'none'
                then ', at most the charge of the ' || terms_on_file.charge_cap
            else ''
        end
        || case
            when
                terms_on_file.method in ('pct_of_limit', 'asp_plus')
                and terms_on_file.price_vintage <> 'at_payment'
                then ', ' || terms_on_file.price_vintage || ' vintage'
            else ''
        end
        || case
            when
                terms_on_file.method in ('pct_of_limit', 'asp_plus')
                and terms_on_file.price_lag_days > 0
                then
                    ', lag of ' || cast(terms_on_file.price_lag_days as varchar)
                    || ' days'
            else ''
        end
        || ')' as said
    from stg_ref__contract_terms as terms_on_file
    cross join raw_site
    where
        terms_on_file.recorded_on <= raw_site.as_of
        and terms_on_file.method not in ('capitated', 'case_rate', 'not_covered')
),

lines as (
    select
        open_lines.*,
        own_terms.ndc11 as own_ndc11,
        own_terms.hcpcs as own_hcpcs,
        own_terms.drug as own_drug
    from int_causes_lines_left as open_lines
    inner join stg_ref__contract_terms as own_terms
        on open_lines.row_id = own_terms.row_id
),

same_term as (
    select
        lines.*,
        terms.row_id as other_row_id,
        1 as kind
    from lines
    inner join terms
        on lines.payer_id = terms.payer_id and lines.term_id = terms.term_id
    where lines.row_id <> terms.row_id
),

-- a rate in dollars is of one code, NDC or drug; a percent holds for any
same_contract as (
    select
        lines.*,
        terms.row_id as other_row_id,
        2 as kind
    from lines
    inner join terms
        on
            lines.payer_id = terms.payer_id
            and lines.contract_id is not distinct from terms.contract_id
    where
        lines.term_id <> terms.term_id
        and case
            when terms.method <> 'fixed' then terms.place_among_alike = 1
            when
                coalesce(terms.ndc11, '') = coalesce(lines.own_ndc11, '')
                and terms.hcpcs = lines.own_hcpcs
                and coalesce(terms.drug, '') = coalesce(lines.own_drug, '')
                then true
            else
                (terms.ndc11 is null or coalesce(terms.ndc11 = lines.ndc11, false))
                and (terms.hcpcs = '*' or terms.hcpcs = lines.hcpcs)
                and (terms.drug is null or coalesce(terms.drug = lines.drug, false))
        end
),

others as (
    select * from same_term
    union all
    select * from same_contract
),

final as (
    select
        others.claim_id,
        others.line_number,
        others.payer_id,
        'term row ' || others.other_row_id as candidate,
        others.other_row_id as row_id,
        others.hcpcs,
        others.ndc11,
        others.drug,
        others.unit_mg,
        others.cms_hcpcs,
        others.drug_cms_unit_mg,
        others.is_house_code,
        others.line_of_business,
        others.claim_type,
        others.service_date,
        others.service_through_date,
        others.first_paid_date,
        others.units,
        others.charge_usd,
        row_number() over (
            partition by others.claim_id, others.line_number, others.payer_id
            order by others.kind asc, terms.place asc
        ) as place,
        terms.said
    from others
    inner join terms
        on others.other_row_id = terms.row_id
)

select * from final
