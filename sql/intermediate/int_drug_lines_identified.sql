-- what    which drug each line is, and what decided it
-- grain   one row per claim line, payer and rank that is a drug line
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_claim_lines_with_remit_additions, stg_ref__drug_codes, stg_ref__house_codes, stg_ref__drug_packages, stg_ref__payment_limits
-- beware  a house code means what the practice says, unless the NDC says otherwise; CMS's meaning stands beside it

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

lines as (
    select
        * exclude (padded_ndc),
        case
            when
                regexp_matches(replace(padded_ndc, '-', ''), '^[0-9]{11}$')
                then replace(padded_ndc, '-', '')
        end as ndc11
    from digits
),

-- an NDC whose packages name several drugs is the one its code says, if it is one of them
ndc_drugs as (
    select
        ndc11,
        min(drug) as drug
    from stg_ref__drug_packages
    group by all
),

drugs_of_ndcs as (
    select distinct
        ndc11,
        drug
    from stg_ref__drug_packages
),

ndc_codes as (
    select distinct
        ndc11,
        hcpcs
    from stg_ref__drug_packages
),

priced_codes as (
    select distinct hcpcs
    from stg_ref__payment_limits
),

cms_codes as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.payer_rank,
        stg_ref__drug_codes.drug,
        stg_ref__drug_codes.unit_mg,
        stg_ref__drug_codes.is_unlisted
    from lines
    inner join stg_ref__drug_codes
        on
            lines.hcpcs = stg_ref__drug_codes.hcpcs
            and lines.service_date >= stg_ref__drug_codes.effective_from
            and lines.service_date <= stg_ref__drug_codes.effective_through
    qualify
        row_number() over (
            partition by
                lines.claim_id, lines.line_number, lines.payer_id, lines.payer_rank
            order by
                stg_ref__drug_codes.is_shipped asc,
                stg_ref__drug_codes.effective_from desc,
                stg_ref__drug_codes.row_id asc
        ) = 1
),

house_codes as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.payer_rank,
        stg_ref__house_codes.drug,
        stg_ref__house_codes.unit_mg
    from lines
    inner join stg_ref__house_codes
        on
            lines.hcpcs = stg_ref__house_codes.hcpcs
            and lines.service_date >= stg_ref__house_codes.effective_from
            and lines.service_date <= stg_ref__house_codes.effective_through
    qualify
        row_number() over (
            partition by
                lines.claim_id, lines.line_number, lines.payer_id, lines.payer_rank
            order by
                stg_ref__house_codes.effective_from desc,
                stg_ref__house_codes.row_id asc
        ) = 1
),

judged as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.payer_rank,
        lines.hcpcs,
        lines.service_date,
        lines.ndc11,
        lines.ndc is not null as has_ndc,
        coalesce(as_cms_says.drug, as_house_says.drug, ndc_drugs.drug) as ndc_drug,
        cms_codes.drug as cms_drug,
        cms_codes.unit_mg as cms_unit_mg,
        house_codes.drug as house_drug,
        house_codes.unit_mg as house_unit_mg,
        case
            when
                ndc_drugs.drug is not null
                and not coalesce(cms_codes.is_unlisted, false)
                and (
                    ndc_codes.hcpcs is not null
                    or as_cms_says.ndc11 is not null
                )
                then 'cms_code_ndc_agrees'
            when
                house_codes.drug is not null
                and (ndc_drugs.drug is null or as_house_says.ndc11 is not null)
                then 'house_code'
            when
                coalesce(cms_codes.is_unlisted, false) and ndc_drugs.drug is not null
                then 'unlisted_code_ndc_decides'
            when ndc_drugs.drug is not null then 'ndc_contradicts_code'
            when cms_codes.claim_id is not null and lines.ndc is not null
                then 'cms_code_ndc_unknown'
            when cms_codes.claim_id is not null then 'cms_code_no_ndc'
            else 'unknown_code'
        end as identity_basis
    from lines
    left join ndc_drugs
        on lines.ndc11 = ndc_drugs.ndc11
    left join ndc_codes
        on lines.ndc11 = ndc_codes.ndc11 and lines.hcpcs = ndc_codes.hcpcs
    left join cms_codes
        on
            lines.claim_id = cms_codes.claim_id
            and lines.line_number = cms_codes.line_number
            and lines.payer_id = cms_codes.payer_id
            and lines.payer_rank = cms_codes.payer_rank
    left join house_codes
        on
            lines.claim_id = house_codes.claim_id
            and lines.line_number = house_codes.line_number
            and lines.payer_id = house_codes.payer_id
            and lines.payer_rank = house_codes.payer_rank
    left join drugs_of_ndcs as as_cms_says
        on lines.ndc11 = as_cms_says.ndc11 and cms_codes.drug = as_cms_says.drug
    left join drugs_of_ndcs as as_house_says
        on lines.ndc11 = as_house_says.ndc11 and house_codes.drug = as_house_says.drug
    left join priced_codes
        on lines.hcpcs = priced_codes.hcpcs
    where
        cms_codes.claim_id is not null
        or house_codes.claim_id is not null
        or priced_codes.hcpcs is not null
        or lines.hcpcs like 'J%'
        or lines.ndc is not null
        or lines.revenue_code = '0636'
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

cms_codes_of_drugs as (
    select
        identified.claim_id,
        identified.line_number,
        identified.payer_id,
        identified.payer_rank,
        stg_ref__drug_codes.hcpcs as cms_hcpcs,
        stg_ref__drug_codes.unit_mg as drug_cms_unit_mg
    from identified
    inner join stg_ref__drug_codes
        on
            identified.drug = stg_ref__drug_codes.drug
            and not stg_ref__drug_codes.is_unlisted
            and identified.service_date >= stg_ref__drug_codes.effective_from
            and identified.service_date <= stg_ref__drug_codes.effective_through
    qualify
        row_number() over (
            partition by
                identified.claim_id,
                identified.line_number,
                identified.payer_id,
                identified.payer_rank
            order by stg_ref__drug_codes.hcpcs, stg_ref__drug_codes.row_id
        ) = 1
),

final as (
    select
        identified.claim_id,
        identified.line_number,
        identified.payer_id,
        identified.payer_rank,
        identified.ndc11,
        identified.has_ndc and identified.ndc_drug is null as has_unknown_ndc,
        identified.drug,
        identified.identity_basis,
        identified.unit_mg,
        cms_codes_of_drugs.cms_hcpcs,
        cms_codes_of_drugs.drug_cms_unit_mg
    from identified
    left join cms_codes_of_drugs
        on
            identified.claim_id = cms_codes_of_drugs.claim_id
            and identified.line_number = cms_codes_of_drugs.line_number
            and identified.payer_id = cms_codes_of_drugs.payer_id
            and identified.payer_rank = cms_codes_of_drugs.payer_rank
)

select * from final
