-- what    how a patient shares each gap: by a copayment, by a percentage, or in proportion
-- grain   one row per drug line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_gaps_by_side
-- beware  Medicare's own percentage and copayment stand before the one that reproduces PR-2 to the cent (RULES 9.4)

with

bases as (
    select
        *,
        cast(allowed_usd - deductible_usd - copay_usd as decimal(18, 2))
            as coinsurance_base_usd,
        -- a share of a hundred times its base is no percentage of it
        case
            when
                abs(coinsurance_usd) * cast(0.01 as decimal(3, 2))
                <= allowed_usd - deductible_usd - copay_usd
                then allowed_usd - deductible_usd - copay_usd
        end as divisible_base_usd,
        -- a hospital's copayment is so much a unit, whatever was allowed
        case
            when price_source = 'opps' and opps_copayment_usd is not null
                then
                    least(
                        cast(
                            cast(
                                cast(billed_units as decimal(19, 3))
                                * cast(opps_copayment_usd as decimal(12, 6))
                                as decimal(28, 9)
                            ) * cast(1 as decimal(9, 6)) as decimal(18, 2)
                        ),
                        cast(
                            expected_allowed_usd - deductible_usd - copay_usd
                            as decimal(18, 2)
                        )
                    )
        end as copayment_due_usd
    from int_gaps_by_side
),

-- the whole and the hundredth percent nearest to coinsurance / base: a double
-- quotient, then corrected by the exact remainder, halves up (RULES 9.4)
near_percents as (
    select
        *,
        cast(
            round(
                cast(coinsurance_usd as double) * 100
                / nullif(cast(divisible_base_usd as double), 0)
            ) as decimal(9, 2)
        ) as near_whole_percent,
        cast(
            round(
                cast(coinsurance_usd as double) * 10000
                / nullif(cast(divisible_base_usd as double), 0)
            ) as decimal(9, 0)
        ) as near_hundredth_percent
    from bases
),

percents as (
    select
        *,
        cast(
            near_whole_percent + case
                when
                    (
                        coinsurance_usd * 100
                        - near_whole_percent * coinsurance_base_usd
                    ) * 2 >= coinsurance_base_usd
                    then 1
                when
                    (
                        coinsurance_usd * 100
                        - near_whole_percent * coinsurance_base_usd
                    ) * 2 < -coinsurance_base_usd
                    then -1
                else 0
            end as decimal(9, 2)
        ) as whole_percent,
        cast(
            near_hundredth_percent + case
                when
                    (
                        coinsurance_usd * 10000
                        - near_hundredth_percent * coinsurance_base_usd
                    ) * 2 >= coinsurance_base_usd
                    then 1
                when
                    (
                        coinsurance_usd * 10000
                        - near_hundredth_percent * coinsurance_base_usd
                    ) * 2 < -coinsurance_base_usd
                    then -1
                else 0
            end as decimal(9, 0)
        ) as hundredth_percent
    from near_percents
),

coinsurance_rates as (
    select
        *,
        case
            when
                line_of_business = 'medicare_ffs'
                and coinsurance_fraction is not null
                then coinsurance_fraction
            when
                cast(
                    cast(coinsurance_base_usd as decimal(28, 9))
                    * cast(whole_percent * cast(0.01 as decimal(3, 2)) as decimal(9, 6))
                    as decimal(18, 2)
                ) = coinsurance_usd
                then
                    cast(whole_percent * cast(0.01 as decimal(3, 2)) as decimal(9, 6))
            when
                cast(
                    cast(coinsurance_base_usd as decimal(28, 9))
                    * cast(
                        hundredth_percent * cast(0.0001 as decimal(5, 4))
                        as decimal(9, 6)
                    ) as decimal(18, 2)
                ) = coinsurance_usd
                then
                    cast(
                        hundredth_percent * cast(0.0001 as decimal(5, 4))
                        as decimal(9, 6)
                    )
        end as patient_fraction
    from percents
),

-- no percentage reproduces the coinsurance: the patient's part of the shortfall is in
-- the proportion of what was charged, so that what is asked of the payer is a floor. A
-- double quotient, then corrected by the exact remainder
near_parts as (
    select
        *,
        cast(shortfall_usd as decimal(19, 2)) * cast(coinsurance_usd as decimal(19, 2))
            as shortfall_times_coinsurance,
        cast(
            cast(shortfall_usd * coinsurance_usd as double)
            / nullif(cast(coinsurance_base_usd as double), 0) as decimal(18, 2)
        ) as near_part_usd,
        coinsurance_base_usd * cast(0.01 as decimal(3, 2)) as one_cent_of_base
    from coinsurance_rates
),

patient_parts as (
    select
        *,
        cast(
            near_part_usd + case
                when
                    (
                        shortfall_times_coinsurance
                        - cast(near_part_usd as decimal(19, 2))
                        * cast(coinsurance_base_usd as decimal(19, 2))
                    ) * 2 >= one_cent_of_base
                    then 0.01
                when
                    (
                        shortfall_times_coinsurance
                        - cast(near_part_usd as decimal(19, 2))
                        * cast(coinsurance_base_usd as decimal(19, 2))
                    ) * 2 < -one_cent_of_base
                    then -0.01
                else 0
            end as decimal(18, 2)
        ) as patient_part_usd
    from near_parts
)

select
    * exclude (
        divisible_base_usd,
        near_whole_percent,
        near_hundredth_percent,
        whole_percent,
        hundredth_percent,
        shortfall_times_coinsurance,
        near_part_usd,
        one_cent_of_base
    )
from patient_parts
