-- what    what else a drug line waits for: its line of business, its drug, its package, a waste policy
-- grain   one row per primary drug line and question
-- key     claim_id, line_number, payer_id, question
-- reads   int_claim_lines_with_remit_additions, int_drug_lines_identified, int_lines_with_business, int_treatment_lines, stg_ref__payer_lines, stg_ref__payers, waste_ledger
-- beware  settles_usd is what the answer decides, not the charge: null where that cannot be told yet

with

lines as (
    select
        claim_lines.claim_id,
        claim_lines.line_number,
        claim_lines.payer_id,
        claim_lines.payer_name,
        claim_lines.hcpcs,
        claim_lines.service_date,
        claim_lines.charge_usd,
        drug_lines.ndc11,
        drug_lines.drug,
        drug_lines.identity_basis,
        drug_lines.has_unknown_ndc
    from int_drug_lines_identified as drug_lines
    inner join int_claim_lines_with_remit_additions as claim_lines
        on
            drug_lines.claim_id = claim_lines.claim_id
            and drug_lines.line_number = claim_lines.line_number
            and drug_lines.payer_id = claim_lines.payer_id
            and drug_lines.payer_rank = claim_lines.payer_rank
    where drug_lines.payer_rank = 'primary'
),

-- other is the last resort of the rule (RULES 8.1): nobody has said it, and where the
-- payer is Medicare its cap and its cut would not be seen
of_no_business as (
    select distinct
        business.claim_id,
        business.line_number,
        business.payer_id,
        coalesce(business.remit_filing_code, business.claim_filing_code, 'none')
            as filing_code
    from int_lines_with_business as business
    inner join stg_ref__payers as payers
        on business.payer_id = payers.payer_id
    left join stg_ref__payer_lines as payer_lines
        on
            business.payer_id = payer_lines.payer_id
            and payer_lines.line_of_business = 'other'
            and (
                payer_lines.filing_code = '*'
                or business.remit_filing_code = payer_lines.filing_code
                or business.claim_filing_code = payer_lines.filing_code
            )
    where
        business.candidate = 1
        and business.payer_rank = 'primary'
        and business.line_of_business = 'other'
        and payers.line_of_business is null
        and payer_lines.payer_id is null
),

treatments as (
    select
        ledger.line_of_business,
        ledger.drug,
        ledger.finding,
        treated.claim_id,
        treated.line_number,
        treated.payer_id,
        -- the ledger's dollars stand once, on the first line of the treatment
        case when treated.place = 1 then ledger.policy_unknown_usd end
            as policy_unknown_usd
    from waste_ledger as ledger
    inner join int_treatment_lines as heads
        on
            ledger.claim_id = heads.claim_id
            and ledger.payer_id = heads.payer_id
            and ledger.service_date = heads.service_date
            and ledger.drug = heads.drug
            and heads.place = 1
    inner join int_treatment_lines as treated
        on
            heads.patient_or_claim = treated.patient_or_claim
            and heads.billing_id is not distinct from treated.billing_id
            and heads.service_date = treated.service_date
            and heads.drug = treated.drug
    where
        ledger.finding in ('policy_unknown', 'no_package_known')
        and ledger.payer_id not like 'unknown:%'
),

final as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        'line_of_business' as question,
        lines.payer_id as asked_payer_id,
        lines.payer_name as asked_payer_name,
        cast(null as varchar) as asked_line_of_business,
        cast(null as varchar) as asked_hcpcs,
        cast(null as varchar) as asked_ndc11,
        cast(null as varchar) as asked_drug,
        of_no_business.filing_code as evidence,
        lines.service_date,
        lines.charge_usd,
        cast(lines.charge_usd as decimal(18, 2)) as settles_usd
    from lines
    inner join of_no_business
        on
            lines.claim_id = of_no_business.claim_id
            and lines.line_number = of_no_business.line_number
            and lines.payer_id = of_no_business.payer_id
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'drug_code' as question,
        null as asked_payer_id,
        null as asked_payer_name,
        null as asked_line_of_business,
        hcpcs as asked_hcpcs,
        null as asked_ndc11,
        null as asked_drug,
        null as evidence,
        service_date,
        charge_usd,
        charge_usd as settles_usd
    from lines
    where identity_basis = 'unknown_code' and hcpcs is not null
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'package' as question,
        null as asked_payer_id,
        null as asked_payer_name,
        null as asked_line_of_business,
        null as asked_hcpcs,
        ndc11 as asked_ndc11,
        null as asked_drug,
        coalesce(hcpcs, 'no code') as evidence,
        service_date,
        charge_usd,
        -- the NDC decides which drug a house code or an unlisted code stands for
        case
            when drug is null or identity_basis = 'house_code' then charge_usd
        end as settles_usd
    from lines
    where has_unknown_ndc and ndc11 is not null
    union all
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        'waste_policy' as question,
        lines.payer_id as asked_payer_id,
        lines.payer_name as asked_payer_name,
        treatments.line_of_business as asked_line_of_business,
        null as asked_hcpcs,
        null as asked_ndc11,
        null as asked_drug,
        null as evidence,
        lines.service_date,
        lines.charge_usd,
        treatments.policy_unknown_usd as settles_usd
    from lines
    inner join treatments
        on
            lines.claim_id = treatments.claim_id
            and lines.line_number = treatments.line_number
            and lines.payer_id = treatments.payer_id
    left join of_no_business
        on
            lines.claim_id = of_no_business.claim_id
            and lines.line_number = of_no_business.line_number
            and lines.payer_id = of_no_business.payer_id
    -- Medicare's policy is shipped: first it must be said who is Medicare
    where
        treatments.finding = 'policy_unknown'
        and of_no_business.claim_id is null
    union all
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        'drug_without_package' as question,
        null as asked_payer_id,
        null as asked_payer_name,
        null as asked_line_of_business,
        null as asked_hcpcs,
        null as asked_ndc11,
        treatments.drug as asked_drug,
        coalesce(lines.hcpcs, 'no code') as evidence,
        lines.service_date,
        lines.charge_usd,
        null as settles_usd
    from lines
    inner join treatments
        on
            lines.claim_id = treatments.claim_id
            and lines.line_number = treatments.line_number
            and lines.payer_id = treatments.payer_id
    where treatments.finding = 'no_package_known'
)

select * from final
