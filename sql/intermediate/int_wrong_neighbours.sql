-- what    lines of a code one slip away from J1324 or J9177 whose NDC or patient says it was that drug
-- grain   one row per claim line, payer and rank
-- key     claim_id, line_number, payer_id, payer_rank
-- reads   int_drug_lines_identified, int_line_outcomes_net_of_reversals, int_lines_with_ndc, int_ndcs_by_date, stg_ref__drug_codes
-- beware  a question, not a verdict: a patient may be given both drugs (RULES 19.1)

with

meant as (
    select distinct drug
    from stg_ref__drug_codes
    where hcpcs = 'J9177' and drug is not null
),

neighbours as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.payer_rank,
        lines.ndc11,
        lines.identity_date,
        outcomes.patient_key
    from int_lines_with_ndc as lines
    inner join int_line_outcomes_net_of_reversals as outcomes
        on
            lines.claim_id = outcomes.claim_id
            and lines.line_number = outcomes.line_number
            and lines.payer_id = outcomes.payer_id
            and lines.payer_rank = outcomes.payer_rank
    where lines.hcpcs in ('J1323', 'J1325', 'J9176', 'J9178')
),

ndcs as (
    select distinct
        named.ndc11,
        named.identity_date,
        meant.drug
    from int_ndcs_by_date as named
    inner join meant
        on named.drug = meant.drug
),

patients as (
    select
        outcomes.patient_key,
        min(meant.drug) as drug
    from int_line_outcomes_net_of_reversals as outcomes
    inner join int_drug_lines_identified as drug_lines
        on
            outcomes.claim_id = drug_lines.claim_id
            and outcomes.line_number = drug_lines.line_number
            and outcomes.payer_id = drug_lines.payer_id
            and outcomes.payer_rank = drug_lines.payer_rank
    inner join meant
        on drug_lines.drug = meant.drug
    where outcomes.patient_key is not null
    group by outcomes.patient_key
),

final as (
    select
        neighbours.claim_id,
        neighbours.line_number,
        neighbours.payer_id,
        neighbours.payer_rank,
        case
            when ndcs.drug is not null
                then 'its NDC is of ' || ndcs.drug
            else 'the same patient has lines of ' || patients.drug
        end as finding_detail
    from neighbours
    left join ndcs
        on
            neighbours.ndc11 = ndcs.ndc11
            and neighbours.identity_date = ndcs.identity_date
    left join patients
        on neighbours.patient_key = patients.patient_key
    where ndcs.drug is not null or patients.drug is not null
)

select * from final
