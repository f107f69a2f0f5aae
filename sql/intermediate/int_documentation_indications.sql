-- what    the label indication a line fits best: the drug, a diagnosis of the claim, the day, what is given beside it
-- grain   one row per primary drug line whose diagnosis a label in force names
-- key     claim_id, line_number, payer_id
-- reads   int_documentation_lines, int_documentation_claims, stg_ref__label_indications
-- beware  a row that misses the drug to be given beside it fits only where is_fitting says so (RULES 20.7)

with

-- a blank before each diagnosis, so that a prefix is looked for where a code begins
named as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.patient_key,
        lines.service_date,
        labels.row_id,
        labels.diagnosis_prefix,
        labels.with_drug,
        labels.requires_prior_therapy,
        labels.effective_from
    from int_documentation_lines as lines
    inner join int_documentation_claims as claims
        on
            lines.claim_id = claims.claim_id
            and lines.line_number = claims.line_number
            and lines.payer_id = claims.payer_id
    inner join stg_ref__label_indications as labels
        on
            lines.drug = labels.drug
            and lines.service_date >= labels.effective_from
            and lines.service_date <= labels.effective_through
    where strpos(' ' || claims.diagnoses, ' ' || labels.diagnosis_prefix) > 0
),

given as (
    select distinct
        patient_key,
        drug,
        service_date
    from int_documentation_lines
    where
        patient_key is not null
        and drug in (select labels.with_drug from stg_ref__label_indications as labels)
),

given_beside as (
    select distinct
        named.claim_id,
        named.line_number,
        named.payer_id,
        named.row_id
    from named
    inner join given
        on
            named.patient_key = given.patient_key
            and named.with_drug = given.drug
            and datediff('day', given.service_date, named.service_date)
            between -28 and 28
),

final as (
    select
        named.claim_id,
        named.line_number,
        named.payer_id,
        named.with_drug is null or given_beside.row_id is not null as is_fitting,
        coalesce(named.requires_prior_therapy, 'yes') <> 'no' as requires_prior_therapy,
        named.with_drug,
        'the label '
        || case
            when named.effective_from > date '0001-01-01'
                then 'from ' || cast(named.effective_from as varchar) || ' '
            else ''
        end || 'names ' || named.diagnosis_prefix
        || coalesce(' with ' || named.with_drug, '') as label_words
    from named
    left join given_beside
        on
            named.claim_id = given_beside.claim_id
            and named.line_number = given_beside.line_number
            and named.payer_id = given_beside.payer_id
            and named.row_id = given_beside.row_id
    qualify
        row_number() over (
            partition by named.claim_id, named.line_number, named.payer_id
            order by
                case
                    when named.with_drug is null or given_beside.row_id is not null
                        then 0
                    else 1
                end,
                case when named.requires_prior_therapy = 'no' then 0 else 1 end,
                named.effective_from desc,
                named.diagnosis_prefix asc,
                named.row_id asc
        ) = 1
)

select * from final
