-- what    the lines that make up one treatment: a patient, a provider, a day and a drug
-- grain   one row per drug line of a treatment
-- key     claim_id, line_number, payer_id
-- reads   int_line_outcomes_net_of_reversals, int_drug_lines_identified, int_gaps_split
-- beware  one payer a treatment: the primary payer that allowed most (RULES 10.1)

with

lines as (
    select
        outcomes.claim_id,
        outcomes.line_number,
        outcomes.payer_id,
        outcomes.patient_key,
        coalesce(outcomes.patient_key, outcomes.claim_id) as patient_or_claim,
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
        cast(outcomes.billed_units * drug_lines.unit_mg as decimal(28, 9)) as billed_mg
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
        and outcomes.outcome not in ('closed_unpaid', 'returned', 'duplicate')
),

payers as (
    select
        patient_or_claim,
        billing_id,
        service_date,
        drug,
        payer_id
    from lines
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

final as (
    select
        lines.*,
        row_number() over (
            partition by
                lines.patient_or_claim,
                lines.billing_id,
                lines.service_date,
                lines.drug
            order by
                case when lines.is_waste_line then 1 else 0 end,
                lines.claim_id,
                lines.line_number
        ) as place
    from lines
    inner join payers
        on
            lines.patient_or_claim = payers.patient_or_claim
            and lines.billing_id is not distinct from payers.billing_id
            and lines.service_date is not distinct from payers.service_date
            and lines.drug = payers.drug
            and lines.payer_id = payers.payer_id
)

select * from final
