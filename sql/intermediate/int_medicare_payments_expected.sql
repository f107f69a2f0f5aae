-- what    Medicare's own arithmetic on each line: patient share, sequestration and cheque expected
-- grain   one row per compared Medicare fee-for-service drug line
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_line_outcomes_net_of_reversals, int_gaps_split
-- beware  deductible and copay are as answered; unchecked_basis says why a cheque cannot be told (RULES 17.1)

with

lines as (
    select
        outcomes.claim_id,
        outcomes.line_number,
        outcomes.payer_id,
        outcomes.payer_rank,
        outcomes.payer_name,
        outcomes.claim_type,
        outcomes.service_date,
        outcomes.hcpcs,
        outcomes.outcome,
        outcomes.billed_units as units,
        outcomes.expected_allowed_usd,
        outcomes.allowed_usd,
        outcomes.deductible_usd,
        outcomes.copay_usd,
        outcomes.coinsurance_usd,
        outcomes.sequestration_usd,
        outcomes.paid_usd,
        outcomes.interest_usd,
        outcomes.coinsurance_fraction,
        outcomes.opps_copayment_usd,
        outcomes.price_source = 'opps' as is_at_opps_rate,
        gaps.law_cut_fraction,
        gaps.match_basis,
        gaps.shortfall_usd,
        gaps.overpaid_usd,
        cast(
            greatest(
                0,
                outcomes.expected_allowed_usd - outcomes.deductible_usd
                - outcomes.copay_usd
            ) as decimal(18, 2)
        ) as coinsurance_base_usd
    from int_gaps_split as gaps
    inner join int_line_outcomes_net_of_reversals as outcomes
        on
            gaps.claim_id = outcomes.claim_id
            and gaps.line_number = outcomes.line_number
            and gaps.payer_id = outcomes.payer_id
            and gaps.payer_rank = outcomes.payer_rank
    where outcomes.line_of_business = 'medicare_ffs' and gaps.gap_usd is not null
),

checkable as (
    select
        *,
        case
            when match_basis in ('pair', 'claim')
                then 'not checked: paid as one with other lines'
            when outcome = 'partly_denied'
                then 'not checked: part of the line was denied'
            when is_at_opps_rate and opps_copayment_usd is null
                then 'not checked: copayment of the quarter not known'
            when not coalesce(is_at_opps_rate, false) and coinsurance_fraction is null
                then 'not checked: coinsurance of the quarter not known'
        end as unchecked_basis
    from lines
),

shares as (
    select
        *,
        case
            when unchecked_basis is not null then null
            when is_at_opps_rate
                then
                    least(
                        coinsurance_base_usd,
                        cast(
                            cast(
                                cast(units as decimal(19, 3))
                                * cast(opps_copayment_usd as decimal(12, 6))
                                as decimal(28, 9)
                            ) * cast(1 as decimal(9, 6)) as decimal(18, 2)
                        )
                    )
            else
                cast(
                    cast(coinsurance_base_usd as decimal(28, 9)) * coinsurance_fraction
                    as decimal(18, 2)
                )
        end as expected_coinsurance_usd
    from checkable
),

payments as (
    select
        *,
        cast(
            deductible_usd + copay_usd + expected_coinsurance_usd as decimal(18, 2)
        ) as expected_patient_usd,
        cast(
            coinsurance_base_usd - expected_coinsurance_usd as decimal(18, 2)
        ) as payment_before_cut_usd
    from shares
),

cuts as (
    select
        *,
        cast(
            cast(payment_before_cut_usd as decimal(28, 9)) * law_cut_fraction
            as decimal(18, 2)
        ) as expected_sequestration_usd
    from payments
),

final as (
    select
        *,
        cast(
            payment_before_cut_usd - expected_sequestration_usd as decimal(18, 2)
        ) as expected_paid_usd,
        cast(
            payment_before_cut_usd - expected_sequestration_usd - paid_usd
            as decimal(18, 2)
        ) as difference_usd
    from cuts
)

select * from final
