-- what    the gap of every drug line and whose money it is
-- grain   one row per drug line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_gaps_with_patient_rate
-- beware  short and over are never netted; what is the patient's is not asked of the payer (RULES 9.4 to 9.10)

with

-- the law's sequestration, by service date
cuts as (
    select
        *,
        cast(
            case
                when sequestration_date < date '2013-04-01' then 0
                when sequestration_date <= date '2020-04-30' then 0.02
                when sequestration_date <= date '2022-03-31' then 0
                when sequestration_date <= date '2022-06-30' then 0.01
                else 0.02
            end as decimal(9, 6)
        ) as law_cut_fraction
    from (
        select
            *,
            case
                when claim_type = 'institutional' then service_through_date
                else service_date
            end as sequestration_date
        from int_gaps_with_patient_rate
    ) as dated
),

shares as (
    select
        *,
        cast(
            case
                when shortfall_usd <= 0 then 0
                when deductible_usd > 0 and allowed_usd = deductible_usd
                    then shortfall_usd
                -- a share that took all that was allowed would have taken more
                when
                    allowed_usd > 0
                    and paid_usd = 0
                    and payment_only_usd = 0
                    and paid_to_patient_usd = 0
                    then shortfall_usd
                when coinsurance_usd = 0 or coinsurance_base_usd <= 0 then 0
                when copayment_due_usd is not null
                    then
                        least(
                            shortfall_usd,
                            greatest(0, copayment_due_usd - coinsurance_usd)
                        )
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
                            ) * law_cut_fraction as decimal(18, 2)
                        )
                    )
            end as decimal(18, 2)
        ) as granted_cut_usd
    from cuts
),

owed as (
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

-- a payer that sent more than it cut is asked for nothing
asks as (
    select
        *,
        cast(
            payer_owed_usd + greatest(0, unsupported_cut_usd - overpaid_usd)
            as decimal(18, 2)
        ) as asked_usd
    from owed
),

split as (
    select
        decided_date,
        line_of_business,
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
        law_cut_fraction,
        cast(
            case when coalesce(is_past_window, false) then asked_usd else 0 end
            as decimal(18, 2)
        ) as past_window_usd,
        cast(
            case when coalesce(is_past_window, false) then 0 else asked_usd end
            as decimal(18, 2)
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
),

final as (
    select
        * exclude (decided_date, line_of_business),
        case when recovered_usd > 0 then decided_date end as recovered_on,
        case
            when overpaid_usd <= 0 then null
            when line_of_business = 'medicare_ffs'
                then
                    'Medicare: report and return within 60 days of identifying it '
                    || '(42 CFR 401.305)'
            else 'the contract''s refund clause'
        end as refund_basis
    from split
)

select * from final
