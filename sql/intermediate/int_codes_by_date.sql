-- what    what a billed code means on a day: to CMS, and to the practice that bills it
-- grain   one row per code and service date billed
-- key     hcpcs, service_date
-- reads   int_lines_with_ndc, stg_ref__drug_codes, stg_ref__house_codes
-- beware  of several rows in force the site's comes first, then the latest (RULES 7.3)

with

billed as (
    select distinct
        hcpcs,
        service_date
    from int_lines_with_ndc
    where hcpcs is not null and service_date is not null
),

cms_codes as (
    select
        billed.hcpcs,
        billed.service_date,
        codes.drug,
        codes.unit_mg,
        codes.is_unlisted
    from billed
    inner join stg_ref__drug_codes as codes
        on
            billed.hcpcs = codes.hcpcs
            and billed.service_date >= codes.effective_from
            and billed.service_date <= codes.effective_through
    qualify
        row_number() over (
            partition by billed.hcpcs, billed.service_date
            order by codes.is_shipped asc, codes.effective_from desc, codes.row_id asc
        ) = 1
),

house_codes as (
    select
        billed.hcpcs,
        billed.service_date,
        codes.drug,
        codes.unit_mg
    from billed
    inner join stg_ref__house_codes as codes
        on
            billed.hcpcs = codes.hcpcs
            and billed.service_date >= codes.effective_from
            and billed.service_date <= codes.effective_through
    qualify
        row_number() over (
            partition by billed.hcpcs, billed.service_date
            order by codes.effective_from desc, codes.row_id asc
        ) = 1
),

final as (
    select
        billed.hcpcs,
        billed.service_date,
        cms_codes.hcpcs is not null as is_listed_by_cms,
        cms_codes.drug as cms_drug,
        cms_codes.unit_mg as cms_unit_mg,
        coalesce(cms_codes.is_unlisted, false) as is_unlisted,
        house_codes.drug as house_drug,
        house_codes.unit_mg as house_unit_mg
    from billed
    left join cms_codes
        on
            billed.hcpcs = cms_codes.hcpcs
            and billed.service_date = cms_codes.service_date
    left join house_codes
        on
            billed.hcpcs = house_codes.hcpcs
            and billed.service_date = house_codes.service_date
)

select * from final
