-- what    the gap of every drug line and whose money it is
-- grain   one row per drug line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_gaps_with_denied_part
-- beware  short and over are never netted; what is the patient's is not asked of the payer (RULES 9.4 to 9.7)

with

sides as (
    select
        *,
        cast(
            case
                when gap_usd is null or is_matched_together or gap_usd <= 0.01 then 0
                else gap_usd - denied_expected_usd
            end as decimal(18, 2)
        ) as shortfall_usd,
        cast(
            case
                when gap_usd is null or is_matched_together or gap_usd >= -0.01 then 0
                else -gap_usd
            end as decimal(18, 2)
        ) as overpaid_usd,
        cast(
            case
                when
                    gap_usd is null or is_matched_together or abs(gap_usd) > 0.01
                    then 0
                else gap_usd
            end as decimal(18, 2)
        ) as penny_usd,
        cast(
            case
                when gap_usd is not null and is_matched_together then gap_usd else 0
            end
            as decimal(18, 2)
        ) as pair_offset_usd,
        case
            when gap_usd is null then null
            when is_pair then 'pair'
            when is_whole_match then 'claim'
            when abs(gap_usd) <= 0.01 then 'line'
        end as match_basis,
        cast(allowed_usd - deductible_usd - copay_usd as decimal(18, 2))
            as coinsurance_base_usd,
        -- a share of a hundred times its base is no percentage of it
        case
            when
                abs(coinsurance_usd) * cast(0.01 as decimal(3, 2))
                <= allowed_usd - deductible_usd - copay_usd
                then allowed_usd - deductible_usd - copay_usd
        end as divisible_base_usd
    from int_gaps_with_denied_part
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
    from sides
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
                and cast(
                    cast(coinsurance_base_usd as decimal(28, 9)) * coinsurance_fraction
                    as decimal(18, 2)
                ) = coinsurance_usd
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
),

shares as (
    select
        *,
        cast(
            case
                when shortfall_usd <= 0 then 0
                when deductible_usd > 0 and allowed_usd = deductible_usd
                    then shortfall_usd
                when coinsurance_usd = 0 or coinsurance_base_usd <= 0 then 0
                when
                    patient_fraction is null
                    then least(shortfall_usd, patient_part_usd)
                else
                    least(
                        shortfall_usd,
                        greatest(
                            0,
                            cast(
                                cast(
                                    coinsurance_base_usd + shortfall_usd
                                    as decimal(28, 9)
                                ) * patient_fraction as decimal(18, 2)
                            ) - coinsurance_usd
                        )
                    )
            end as decimal(18, 2)
        ) as patient_owed_usd,
        cast(
            case
                when sequestration <> 'yes' then 0
                else
                    least(
                        sequestration_usd,
                        cast(
                            cast(
                                allowed_usd - patient_usd - paid_to_patient_usd
                                as decimal(28, 9)
                            ) * cast(
                                case
                                    when sequestration_date < date '2013-04-01' then 0
                                    when sequestration_date <= date '2020-04-30'
                                        then 0.02
                                    when sequestration_date <= date '2022-03-31' then 0
                                    when sequestration_date <= date '2022-06-30'
                                        then 0.01
                                    else 0.02
                                end as decimal(9, 6)
                            ) as decimal(18, 2)
                        )
                    )
            end as decimal(18, 2)
        ) as granted_cut_usd
    from (
        select
            *,
            case
                when claim_type = 'institutional' then service_through_date
                else service_date
            end as sequestration_date
        from patient_parts
    ) as dated
),

asks as (
    select
        *,
        cast(shortfall_usd - patient_owed_usd as decimal(18, 2)) as payer_owed_usd,
        cast(
            case
                when gap_usd is null then 0
                when payment_only_usd - coalesce(granted_cut_usd, 0) > 0.01
                    then payment_only_usd - coalesce(granted_cut_usd, 0)
                else 0
            end as decimal(18, 2)
        ) as unsupported_cut_usd,
        look_back_days is not null
        and datediff('day', last_money_date, as_of) > look_back_days as is_past_window
    from shares
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        payer_rank,
        gap_usd,
        no_gap_basis,
        match_basis,
        penny_usd,
        pair_offset_usd,
        shortfall_usd,
        overpaid_usd,
        payer_owed_usd,
        patient_owed_usd,
        unsupported_cut_usd,
        denied_expected_usd,
        cast(
            case
                when coalesce(is_past_window, false)
                    then payer_owed_usd + unsupported_cut_usd
                else 0
            end as decimal(18, 2)
        ) as past_window_usd,
        cast(
            case
                when coalesce(is_past_window, false) then 0
                else payer_owed_usd + unsupported_cut_usd
            end as decimal(18, 2)
        ) as ask_usd,
        cast(
            case
                when gap_usd is null or initial_allowed_usd is null then 0
                else
                    greatest(
                        0,
                        least(allowed_usd, expected_allowed_usd)
                        - least(initial_allowed_usd, expected_allowed_usd)
                    )
            end as decimal(18, 2)
        ) as recovered_usd
    from asks
)

select * from final
