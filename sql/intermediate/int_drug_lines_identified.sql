-- what    which drug each line is, and what decided it
-- grain   one row per claim line, payer and rank that is a drug line
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_lines_with_ndc, int_codes_by_date, int_ndcs_against_codes, stg_ref__drug_codes, stg_ref__payment_limits
-- beware  a house code means what the practice says, unless the NDC says otherwise; a code only the payment limits know is CMS's and has no drug of its own (RULES 7.7)

with

listed_codes as (
    select distinct hcpcs
    from stg_ref__drug_codes
),

priced_codes as (
    select distinct hcpcs
    from stg_ref__payment_limits
),

lines as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.payer_rank,
        lines.service_date,
        lines.ndc11,
        lines.has_ndc,
        ndcs.ndc11 is not null as has_known_ndc,
        coalesce(ndcs.has_billed_code or ndcs.has_cms_drug, false)
            as is_ndc_of_cms_code,
        coalesce(ndcs.has_house_drug, false) as is_ndc_of_house_code,
        ndcs.ndc_drug,
        codes.cms_drug,
        codes.cms_unit_mg,
        coalesce(codes.is_unlisted, false) as is_unlisted,
        codes.house_drug,
        codes.house_unit_mg,
        coalesce(codes.is_listed_by_cms, false)
        or (priced_codes.hcpcs is not null and listed_codes.hcpcs is null)
            as is_cms_code
    from int_lines_with_ndc as lines
    left join int_codes_by_date as codes
        on
            lines.hcpcs = codes.hcpcs
            and lines.service_date = codes.service_date
    left join int_ndcs_against_codes as ndcs
        on
            lines.ndc11 = ndcs.ndc11
            and lines.identity_date = ndcs.identity_date
            and coalesce(lines.hcpcs, '') = ndcs.billed_hcpcs
    left join listed_codes
        on lines.hcpcs = listed_codes.hcpcs
    left join priced_codes
        on lines.hcpcs = priced_codes.hcpcs
    where
        codes.is_listed_by_cms
        or codes.house_drug is not null
        or priced_codes.hcpcs is not null
        or lines.hcpcs like 'J%'
        or lines.has_ndc
        or lines.revenue_code = '0636'
),

judged as (
    select
        *,
        case
            when has_known_ndc and not is_unlisted and is_ndc_of_cms_code
                then 'cms_code_ndc_agrees'
            when
                house_drug is not null
                and (not has_known_ndc or is_ndc_of_house_code)
                then 'house_code'
            when is_unlisted and has_known_ndc then 'unlisted_code_ndc_decides'
            when has_known_ndc then 'ndc_contradicts_code'
            when is_cms_code and has_ndc then 'cms_code_ndc_unknown'
            when is_cms_code then 'cms_code_no_ndc'
            else 'unknown_code'
        end as identity_basis
    from lines
),

identified as (
    select
        *,
        case
            when identity_basis = 'house_code' then house_drug
            when
                identity_basis in ('unlisted_code_ndc_decides', 'ndc_contradicts_code')
                then ndc_drug
            when
                identity_basis = 'cms_code_ndc_agrees'
                then coalesce(cms_drug, ndc_drug)
            when identity_basis <> 'unknown_code' then cms_drug
        end as drug,
        case
            when identity_basis = 'house_code' then house_unit_mg
            when
                identity_basis in (
                    'cms_code_ndc_agrees', 'cms_code_ndc_unknown', 'cms_code_no_ndc'
                )
                then cms_unit_mg
        end as unit_mg
    from judged
),

drugs_by_date as (
    select distinct
        drug,
        service_date
    from identified
),

cms_codes_of_drugs as (
    select
        drugs_by_date.drug,
        drugs_by_date.service_date,
        codes.hcpcs as cms_hcpcs,
        codes.unit_mg as drug_cms_unit_mg
    from drugs_by_date
    inner join stg_ref__drug_codes as codes
        on
            drugs_by_date.drug = codes.drug
            and not codes.is_unlisted
            and drugs_by_date.service_date >= codes.effective_from
            and drugs_by_date.service_date <= codes.effective_through
    qualify
        row_number() over (
            partition by drugs_by_date.drug, drugs_by_date.service_date
            order by codes.hcpcs, codes.row_id
        ) = 1
),

final as (
    select
        identified.claim_id,
        identified.line_number,
        identified.payer_id,
        identified.payer_rank,
        identified.ndc11,
        identified.has_ndc and not identified.has_known_ndc as has_unknown_ndc,
        identified.drug,
        identified.identity_basis,
        identified.unit_mg,
        cms_codes_of_drugs.cms_hcpcs,
        cms_codes_of_drugs.drug_cms_unit_mg
    from identified
    left join cms_codes_of_drugs
        on
            identified.drug = cms_codes_of_drugs.drug
            and identified.service_date = cms_codes_of_drugs.service_date
)

select * from final
