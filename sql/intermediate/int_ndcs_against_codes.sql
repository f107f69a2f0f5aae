-- what    whether an NDC belongs to the code it was billed with, and to which drug it belongs
-- grain   one row per NDC, day and code billed together
-- key     ndc11, identity_date, billed_hcpcs
-- reads   int_codes_by_date, int_lines_with_ndc, int_ndcs_by_date
-- beware  one NDC may belong to several codes and drugs: one that agrees is enough (RULES 7.2, 7.6); an empty code was not billed

with

billed as (
    select distinct
        ndc11,
        identity_date,
        service_date,
        coalesce(hcpcs, '') as billed_hcpcs
    from int_lines_with_ndc
    where ndc11 is not null
),

agreements as (
    select
        billed.ndc11,
        billed.identity_date,
        billed.billed_hcpcs,
        max(
            case
                when billed.billed_hcpcs <> '' and named.hcpcs = billed.billed_hcpcs
                    then 1
                else 0
            end
        ) = 1 as has_billed_code,
        max(case when named.drug = codes.cms_drug then 1 else 0 end) = 1
            as has_cms_drug,
        max(case when named.drug = codes.house_drug then 1 else 0 end) = 1
            as has_house_drug
    from billed
    inner join int_ndcs_by_date as named
        on
            billed.ndc11 = named.ndc11
            and billed.identity_date = named.identity_date
    left join int_codes_by_date as codes
        on
            billed.billed_hcpcs = codes.hcpcs
            and billed.service_date = codes.service_date
    group by billed.ndc11, billed.identity_date, billed.billed_hcpcs
),

-- where nothing agrees: the least of CMS's codes that has a drug, else the first package
drugs as (
    select
        ndc11,
        identity_date,
        drug
    from int_ndcs_by_date
    where drug <> ''
    qualify
        row_number() over (
            partition by ndc11, identity_date
            order by
                named_by,
                case when named_by = 'crosswalk' then hcpcs else '' end,
                drug,
                hcpcs
        ) = 1
),

final as (
    select
        agreements.*,
        drugs.drug as ndc_drug
    from agreements
    left join drugs
        on
            agreements.ndc11 = drugs.ndc11
            and agreements.identity_date = drugs.identity_date
)

select * from final
