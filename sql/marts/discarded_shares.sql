-- what    the share of a drug's allowed dollars that was discarded, beside the share CMS publishes
-- grain   one row per drug and service year
-- key     drug, service_year
-- reads   drug_line_outcomes, int_drug_lines_identified, stg_ref__discarded_shares
-- beware  a band to look twice outside of, not a target: CMS counts Medicare Part B alone (RULES 10.12)

with

lines as (
    select
        outcomes.drug,
        outcomes.service_date,
        outcomes.line_of_business,
        outcomes.is_waste_line,
        outcomes.allowed_usd,
        identified.cms_hcpcs,
        cast(year(outcomes.service_date) as int) as service_year
    from drug_line_outcomes as outcomes
    inner join int_drug_lines_identified as identified
        on
            outcomes.claim_id = identified.claim_id
            and outcomes.line_number = identified.line_number
            and outcomes.payer_id = identified.payer_id
            and outcomes.payer_rank = identified.payer_rank
    where
        outcomes.payer_rank = 'primary'
        and outcomes.drug is not null
        and outcomes.service_date is not null
        and outcomes.allowed_usd > 0
),

-- a drug may change its code within a year: the code of its last day stands
last_codes as (
    select
        drug,
        service_year,
        cms_hcpcs
    from lines
    qualify
        row_number() over (
            partition by drug, service_year
            order by service_date desc, coalesce(cms_hcpcs, '') asc
        ) = 1
),

sums as (
    select
        drug,
        service_year,
        count(*) as lines,
        count(case when is_waste_line then 1 end) as waste_lines,
        cast(sum(allowed_usd) as decimal(18, 2)) as allowed_usd,
        cast(
            sum(case when is_waste_line then allowed_usd else 0 end) as decimal(18, 2)
        ) as discarded_usd,
        cast(
            sum(
                case when line_of_business = 'medicare_ffs' then allowed_usd else 0 end
            ) as decimal(18, 2)
        ) as medicare_allowed_usd
    from lines
    group by drug, service_year
),

-- a double quotient, then corrected by the exact remainder
near_shares as (
    select
        *,
        cast(
            cast(discarded_usd as double) / nullif(cast(allowed_usd as double), 0)
            as decimal(18, 6)
        ) as near_share,
        cast(allowed_usd as decimal(19, 2)) * cast(0.000001 as decimal(7, 6))
            as one_step
    from sums
),

shares as (
    select
        * exclude (near_share, one_step),
        cast(
            near_share + case
                when
                    (
                        discarded_usd
                        - cast(near_share as decimal(19, 6)) * allowed_usd
                    ) * 2 >= one_step
                    then 0.000001
                when
                    (
                        discarded_usd
                        - cast(near_share as decimal(19, 6)) * allowed_usd
                    ) * 2 < -one_step
                    then -0.000001
                else 0
            end as decimal(18, 6)
        ) as discarded_share
    from near_shares
),

published as (
    select
        hcpcs,
        cms_year,
        cms_share
    from stg_ref__discarded_shares
    qualify
        row_number() over (
            partition by hcpcs
            order by cms_year desc, row_id asc
        ) = 1
),

final as (
    select
        shares.drug,
        last_codes.cms_hcpcs,
        shares.service_year,
        shares.lines,
        shares.waste_lines,
        shares.allowed_usd,
        shares.discarded_usd,
        shares.discarded_share,
        published.cms_year,
        published.cms_share,
        case
            when last_codes.cms_hcpcs is null
                then 'no CMS code of this drug is on file'
            when published.cms_share is null
                then
                    'no share that CMS publishes for ' || last_codes.cms_hcpcs
                    || ' is on file'
            else
                'CMS counts Medicare Part B alone ('
                || cast(shares.medicare_allowed_usd as varchar) || ' of '
                || cast(shares.allowed_usd as varchar)
                || ' dollars here are of Medicare fee-for-service) in '
                || cast(published.cms_year as varchar) || '; '
                || case
                    when shares.discarded_share < published.cms_share
                        then
                            'a site may stand below it where doses are rounded to whole'
                            || ' vials, visits share vials, or waste was not billed'
                    when shares.discarded_share > published.cms_share
                        then
                            'a site may stand above it because practices round doses or'
                            || ' share visits, and waste that nobody reported is not in'
                            || ' the CMS share'
                    else 'the shares are equal'
                end
        end as note
    from shares
    inner join last_codes
        on
            shares.drug = last_codes.drug
            and shares.service_year = last_codes.service_year
    left join published
        on last_codes.cms_hcpcs = published.hcpcs
)

select * from final
