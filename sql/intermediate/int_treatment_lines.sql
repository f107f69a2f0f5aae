-- what    the lines that make up one treatment: a patient, a provider, a day and a drug
-- grain   one row per drug line of a treatment
-- key     claim_id, line_number, payer_id
-- reads   int_line_outcomes_net_of_reversals, int_drug_lines_identified, int_gaps_split
-- beware  one payer a treatment: the primary payer that allowed most (RULES 10.1); treatment_claim_id and treatment_line_number name its first line

with

lines_as_sent as (
    select
        outcomes.claim_id,
        outcomes.line_number,
        outcomes.payer_id,
        outcomes.patient_key,
        outcomes.billing_id,
        outcomes.service_date,
        outcomes.submitted_date,
        outcomes.hcpcs,
        outcomes.is_waste_line,
        ' ' || outcomes.modifiers || ' ' like '% JZ %' as has_jz,
        outcomes.billed_units,
        outcomes.allowed_usd,
        outcomes.outcome,
        outcomes.unit_price_usd,
        outcomes.percent_fraction,
        outcomes.method,
        outcomes.is_priced_at_rate,
        outcomes.pricing_basis,
        outcomes.ndc_quantity,
        outcomes.ndc_unit,
        drug_lines.drug,
        drug_lines.unit_mg,
        drug_lines.ndc11,
        gaps.shortfall_usd,
        case
            when outcomes.outcome = 'bundled' then outcomes.expected_allowed_usd
            else gaps.denied_expected_usd
        end as refused_usd,
        cast(
            cast(outcomes.billed_units as decimal(19, 3)) * drug_lines.unit_mg
            as decimal(28, 9)
        ) as billed_mg
    from int_line_outcomes_net_of_reversals as outcomes
    inner join int_drug_lines_identified as drug_lines
        on
            outcomes.claim_id = drug_lines.claim_id
            and outcomes.line_number = drug_lines.line_number
            and outcomes.payer_id = drug_lines.payer_id
            and outcomes.payer_rank = drug_lines.payer_rank
    inner join int_gaps_split as gaps
        on
            outcomes.claim_id = gaps.claim_id
            and outcomes.line_number = gaps.line_number
            and outcomes.payer_id = gaps.payer_id
            and outcomes.payer_rank = gaps.payer_rank
    where
        outcomes.payer_rank = 'primary'
        and drug_lines.drug is not null
        and drug_lines.unit_mg is not null
        and outcomes.billed_units is not null
        and outcomes.service_date is not null
        and outcomes.outcome not in ('closed_unpaid', 'returned', 'duplicate')
),

-- sent to two payers a claim may name two members, or two billing ids, for one dose
patients as (
    select
        claim_id,
        patient_key,
        billing_id
    from lines_as_sent
    qualify
        row_number() over (
            partition by claim_id
            order by
                case when patient_key is null then 1 else 0 end,
                coalesce(allowed_usd, 0) desc,
                patient_key asc,
                coalesce(billing_id, '') asc,
                line_number asc,
                payer_id asc
        ) = 1
),

lines as (
    select
        lines_as_sent.* exclude (patient_key, billing_id),
        patients.patient_key,
        patients.billing_id,
        coalesce(patients.patient_key, lines_as_sent.claim_id) as patient_or_claim
    from lines_as_sent
    inner join patients
        on lines_as_sent.claim_id = patients.claim_id
),

-- a refused line that another claim billed again and was paid for is one dose, not two
billed_again as (
    select distinct
        refused.claim_id,
        refused.line_number,
        refused.payer_id
    from lines as refused
    inner join lines as paid
        on
            refused.patient_or_claim = paid.patient_or_claim
            and refused.billing_id is not distinct from paid.billing_id
            and refused.service_date = paid.service_date
            and refused.drug = paid.drug
            and refused.payer_id = paid.payer_id
            and refused.hcpcs = paid.hcpcs
            and refused.is_waste_line = paid.is_waste_line
            and refused.billed_units = paid.billed_units
            and refused.claim_id <> paid.claim_id
    where
        refused.outcome in ('denied', 'zero_no_reason')
        and paid.allowed_usd > 0
),

lines_once as (
    select lines.*
    from lines
    left join billed_again
        on
            lines.claim_id = billed_again.claim_id
            and lines.line_number = billed_again.line_number
            and lines.payer_id = billed_again.payer_id
    where billed_again.claim_id is null
),

payers as (
    select
        patient_or_claim,
        billing_id,
        service_date,
        drug,
        payer_id
    from lines_once
    group by patient_or_claim, billing_id, service_date, drug, payer_id
    qualify
        row_number() over (
            partition by patient_or_claim, billing_id, service_date, drug
            order by
                sum(allowed_usd) desc,
                max(coalesce(submitted_date, date '0001-01-01')) desc,
                payer_id
        ) = 1
),

placed as (
    select
        lines_once.*,
        row_number() over (
            partition by
                lines_once.patient_or_claim,
                lines_once.billing_id,
                lines_once.service_date,
                lines_once.drug
            order by
                case when lines_once.is_waste_line then 1 else 0 end,
                lines_once.claim_id,
                lines_once.line_number
        ) as place
    from lines_once
    inner join payers
        on
            lines_once.patient_or_claim = payers.patient_or_claim
            and lines_once.billing_id is not distinct from payers.billing_id
            and lines_once.service_date is not distinct from payers.service_date
            and lines_once.drug = payers.drug
            and lines_once.payer_id = payers.payer_id
),

final as (
    select
        placed.*,
        heads.claim_id as treatment_claim_id,
        heads.line_number as treatment_line_number
    from placed
    inner join placed as heads
        on
            placed.patient_or_claim = heads.patient_or_claim
            and placed.billing_id is not distinct from heads.billing_id
            and placed.service_date = heads.service_date
            and placed.drug = heads.drug
            and heads.place = 1
)

select * from final
