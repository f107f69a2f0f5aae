-- what    the codes and drugs an NDC belongs to on a day: by CMS's crosswalk, and by the packages on file
-- grain   one row per NDC and day billed, source, code and drug
-- key     ndc11, identity_date, named_by, hcpcs, drug
-- reads   int_lines_with_ndc, raw_site, stg_ref__drug_codes, stg_ref__drug_packages, stg_ref__ndc_crosswalk
-- beware  of one day's quarter the latest publication, else the nearest quarter that has the NDC (RULES 7.6); an empty drug or code is one nobody names

with

billed as (
    select distinct
        ndc11,
        identity_date,
        year(identity_date) * 4 + quarter(identity_date) as quarter_number
    from int_lines_with_ndc
    where ndc11 is not null
),

published as (
    select
        crosswalk.ndc11,
        crosswalk.hcpcs,
        crosswalk.published_on,
        cast(substr(crosswalk.effective_quarter, 1, 4) as int) * 4
        + cast(substr(crosswalk.effective_quarter, 6, 1) as int) as quarter_number
    from stg_ref__ndc_crosswalk as crosswalk
    cross join raw_site
    where crosswalk.published_on <= raw_site.as_of
),

mapped as (
    select
        billed.ndc11,
        billed.identity_date,
        published.hcpcs
    from billed
    inner join published
        on billed.ndc11 = published.ndc11
    qualify
        rank() over (
            partition by billed.ndc11, billed.identity_date
            order by
                case
                    when published.quarter_number <= billed.quarter_number then 0
                    else 1
                end,
                abs(billed.quarter_number - published.quarter_number),
                published.published_on desc
        ) = 1
),

-- a code keeps its drug when it is no longer billed: its row of that day, else its latest
mapped_drugs as (
    select
        mapped.ndc11,
        mapped.identity_date,
        mapped.hcpcs,
        codes.drug
    from mapped
    inner join stg_ref__drug_codes as codes
        on mapped.hcpcs = codes.hcpcs
    where codes.drug is not null and not codes.is_unlisted
    qualify
        row_number() over (
            partition by mapped.ndc11, mapped.identity_date, mapped.hcpcs
            order by
                case
                    when
                        mapped.identity_date >= codes.effective_from
                        and mapped.identity_date <= codes.effective_through
                        then 0
                    else 1
                end,
                codes.is_shipped asc,
                codes.effective_from desc,
                codes.row_id asc
        ) = 1
),

final as (
    select
        mapped.ndc11,
        mapped.identity_date,
        'crosswalk' as named_by,
        mapped.hcpcs,
        coalesce(mapped_drugs.drug, '') as drug
    from mapped
    left join mapped_drugs
        on
            mapped.ndc11 = mapped_drugs.ndc11
            and mapped.identity_date = mapped_drugs.identity_date
            and mapped.hcpcs = mapped_drugs.hcpcs
    union all
    select distinct
        billed.ndc11,
        billed.identity_date,
        'package' as named_by,
        coalesce(packages.hcpcs, '') as hcpcs,
        coalesce(packages.drug, '') as drug
    from billed
    inner join stg_ref__drug_packages as packages
        on billed.ndc11 = packages.ndc11
)

select * from final
