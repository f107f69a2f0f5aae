-- what    loaded terms against what the payer really uses: whether the contract file or the payer is to be looked at
-- grain   one row per payer, line of business, claim type, term, code and stretch of weeks; the weeks no stretch explains are one row
-- key     payer_id, line_of_business, claim_type, term_id, hcpcs, first_week
-- reads   int_contract_findings_counted, code_identity
-- beware  look_at_contract_file comes before any letter: everybody was paid at one other rate, and no row on file says it (RULES 18.2)

with

house_codes as (
    select
        hcpcs,
        min(cms_hcpcs) as cms_hcpcs
    from code_identity
    where identity_basis = 'house_code'
    group by hcpcs
),

worded as (
    select
        findings.*,
        coalesce(findings.payer_name, findings.payer_id) || ' ('
        || replace(findings.line_of_business, '_', ' ') || ', '
        || findings.claim_type || ')' as payer_text,
        cast(findings.lines as varchar)
        || case when findings.lines = 1 then ' line' else ' lines' end
        || ' (' || cast(findings.claims as varchar)
        || case when findings.claims = 1 then ' claim)' else ' claims)' end
            as lines_text,
        ' from the week of ' || cast(findings.first_week as varchar)
        || case
            when findings.last_week > findings.first_week
                then ' to that of ' || cast(findings.last_week as varchar)
            else ''
        end as weeks_text,
        '$' || cast(findings.shortfall_usd as varchar) || ' short, $'
        || cast(findings.overpaid_usd as varchar) || ' over' as dollars_text,
        -- CMS has no limit for a house code: the one meant is its drug's
        case
            when house_codes.hcpcs is not null
                then
                    ' ' || house_codes.hcpcs || ' is a house code here, priced as '
                    || coalesce(house_codes.cms_hcpcs, 'no CMS code') || '.'
            else ''
        end as house_code_text
    from int_contract_findings_counted as findings
    left join house_codes
        on findings.hcpcs = house_codes.hcpcs
),

final as (
    select
        payer_id,
        payer_name,
        line_of_business,
        claim_type,
        term_id,
        hcpcs,
        first_week,
        last_week,
        lines,
        claims,
        lines_off_term,
        claims_off_term,
        lines_at_rate,
        rate_basis,
        rate_seen,
        term_says,
        paid_says,
        expected_allowed_usd,
        allowed_usd,
        shortfall_usd,
        overpaid_usd,
        between_usd,
        verdict,
        case verdict
            when 'look_at_contract_file'
                then
                    'look at the contract file before you write a letter: '
                    || payer_text || ' allowed ' || hcpcs || ' at ' || paid_says
                    || ' on ' || cast(lines_at_rate as varchar) || ' of ' || lines_text
                    || weeks_text || '; term ' || term_id || ' says ' || term_says
                    || '. ' || dollars_text || ' rest on which is right.'
            when 'payer_uses_another_row'
                then
                    'payer uses another row of contract_terms.csv: ' || payer_text
                    || ' allowed ' || hcpcs || ' at ' || paid_says || ' on '
                    || cast(lines_at_rate as varchar) || ' of ' || lines_text
                    || weeks_text || '; that is ' || other_row_says || '; term '
                    || term_id || ' in force says ' || term_says || '. '
                    || dollars_text || ' rest on which row holds for these dates.'
            when 'payer_varies'
                then
                    'payer varies: ' || payer_text || ' kept to term ' || term_id
                    || ' (' || term_says || ') for ' || hcpcs || ' on '
                    || cast(lines - lines_off_term as varchar) || ' of ' || lines_text
                    || weeks_text || '; ' || dollars_text || '.'
            when 'too_few_claims'
                then
                    'too few claims to tell: ' || payer_text || ', ' || hcpcs
                    || ' under term ' || term_id || ', '
                    || cast(lines_off_term as varchar) || ' of ' || lines_text
                    || ' not at ' || term_says || weeks_text || '; ' || dollars_text
                    || '.'
            else
                payer_text || ' allows ' || hcpcs || ' as term ' || term_id
                || ' says (' || term_says || '): '
                || cast(lines - lines_off_term as varchar) || ' of ' || lines_text
                || weeks_text || '.'
        end || house_code_text as sentence
    from worded
)

select * from final
