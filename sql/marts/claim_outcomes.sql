-- what    every claim at its primary payer: denied at first, denied in the end, and how soon answered
-- grain   one row per claim and payer of rank primary
-- key     claim_id, payer_id
-- reads   int_claim_first_answers, int_claim_lines_counted, int_submissions_chained_to_claims, raw_site
-- beware  a claim that counts_initial or counts_final nowhere is below no rate; is_mature goes by the first submission (RULES 11.3, 22.1)

with

first_submissions as (
    select
        claim_id,
        payer_id,
        min(submitted_date) as submitted_date
    from int_submissions_chained_to_claims
    where payer_rank = 'primary'
    group by claim_id, payer_id
),

heads as (
    select
        claim_id,
        payer_id,
        payer_name,
        line_of_business,
        claim_type,
        billing_id,
        place_of_service,
        billed_basis
    from int_claim_lines_counted
    qualify
        row_number() over (
            partition by claim_id, payer_id
            order by case when is_live then 0 else 1 end, line_number
        ) = 1
),

sums as (
    select
        claim_id,
        payer_id,
        min(submitted_date) as lines_submitted_date,
        min(service_date) as first_service_date,
        count(*) as lines,
        count(case when is_live then 1 end) as live_lines,
        count(case when is_drug_line then 1 end) as drug_lines,
        cast(
            sum(case when is_live then charge_usd else 0 end) as decimal(18, 2)
        ) as charge_usd,
        max(case when counts_initial then 1 else 0 end) = 1 as counts_initial,
        max(case when counts_final then 1 else 0 end) = 1 as counts_final,
        -- a drug line that counts is denied, or every line that counts is
        coalesce(
            max(
                case
                    when counts_initial and is_drug_line and is_denied_initial then 1
                    else 0
                end
            ) = 1
            or min(
                case
                    when counts_initial and is_denied_initial then 1
                    when counts_initial then 0
                end
            ) = 1, false
        ) as denied_initial,
        coalesce(
            max(
                case
                    when counts_final and is_drug_line and is_denied_final then 1
                    else 0
                end
            ) = 1
            or min(
                case
                    when counts_final and is_denied_final then 1
                    when counts_final then 0
                end
            ) = 1, false
        ) as denied_final,
        cast(
            coalesce(
                sum(
                    case
                        when counts_initial and is_denied_initial
                            then expected_allowed_usd
                    end
                ), 0
            ) as decimal(18, 2)
        ) as denied_initial_expected_usd,
        cast(
            coalesce(
                sum(
                    case
                        when counts_final and is_denied_final then expected_allowed_usd
                    end
                ), 0
            ) as decimal(18, 2)
        ) as denied_final_expected_usd,
        cast(sum(interest_usd) as decimal(18, 2)) as interest_usd
    from int_claim_lines_counted
    group by claim_id, payer_id
),

claims as (
    select
        heads.*,
        coalesce(first_submissions.submitted_date, sums.lines_submitted_date)
            as submitted_date,
        sums.* exclude (claim_id, payer_id, lines_submitted_date),
        answers.first_answer_date,
        answers.first_paid_date,
        answers.received_date,
        raw_site.as_of,
        raw_site.maturity_days
    from heads
    inner join sums
        on heads.claim_id = sums.claim_id and heads.payer_id = sums.payer_id
    left join first_submissions
        on
            heads.claim_id = first_submissions.claim_id
            and heads.payer_id = first_submissions.payer_id
    left join int_claim_first_answers as answers
        on heads.claim_id = answers.claim_id and heads.payer_id = answers.payer_id
    cross join raw_site
),

final as (
    select
        claim_id,
        payer_id,
        payer_name,
        line_of_business,
        claim_type,
        billing_id,
        place_of_service,
        billed_basis,
        submitted_date,
        first_service_date,
        cast(
            date_trunc('month', coalesce(submitted_date, first_service_date)) as date
        ) as cohort_month,
        datediff('day', coalesce(submitted_date, first_service_date), as_of)
        > maturity_days as is_mature,
        lines,
        live_lines,
        drug_lines,
        charge_usd,
        counts_initial,
        counts_final,
        denied_initial,
        denied_final,
        denied_initial_expected_usd,
        denied_final_expected_usd,
        interest_usd,
        received_date,
        first_answer_date,
        first_paid_date,
        case
            when submitted_date <= first_answer_date
                then datediff('day', submitted_date, first_answer_date)
        end as days_from_submission,
        case
            when received_date <= first_answer_date
                then datediff('day', received_date, first_answer_date)
        end as days_from_receipt
    from claims
)

select * from final
