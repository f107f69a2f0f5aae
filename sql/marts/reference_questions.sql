-- what    what a person must still write into the reference files, the most dollars first
-- grain   one row per question
-- key     question_id
-- reads   int_unpriced_lines_with_question, int_drug_lines_with_question, int_payers_answering_for_others, int_adjustments_read
-- beware  the rows with is_unpriced hold every unpriced drug line once; the others may hold the same lines again

with

lines as (
    select
        question,
        true as is_unpriced,
        asked_payer_id,
        asked_payer_name,
        asked_line_of_business,
        asked_hcpcs,
        asked_ndc11,
        detail,
        cast(null as varchar) as evidence,
        service_date,
        billed_units,
        charge_usd,
        allowed_usd,
        charge_usd as settles_usd
    from int_unpriced_lines_with_question
    union all
    select
        question,
        false as is_unpriced,
        asked_payer_id,
        asked_payer_name,
        asked_line_of_business,
        asked_hcpcs,
        asked_ndc11,
        asked_drug as detail,
        evidence,
        service_date,
        null as billed_units,
        charge_usd,
        null as allowed_usd,
        settles_usd
    from int_drug_lines_with_question
),

questions as (
    select
        question,
        is_unpriced,
        asked_payer_id as payer_id,
        cast(null as varchar) as other_payer_id,
        asked_line_of_business as line_of_business,
        asked_hcpcs as hcpcs,
        asked_ndc11 as ndc11,
        detail,
        min(asked_payer_name) as payer_name,
        array_to_string(list_sort(list_distinct(list(evidence))), ', ') as evidence,
        count(*) as lines,
        sum(billed_units) as billed_units,
        sum(charge_usd) as charge_usd,
        sum(allowed_usd) as allowed_usd,
        sum(settles_usd) as settles_usd,
        min(service_date) as first_service_date,
        max(service_date) as last_service_date
    from lines
    group by
        question,
        is_unpriced,
        asked_payer_id,
        asked_line_of_business,
        asked_hcpcs,
        asked_ndc11,
        detail
    union all
    select
        'same_payer' as question,
        false as is_unpriced,
        payer_id,
        other_payer_id,
        null as line_of_business,
        null as hcpcs,
        null as ndc11,
        other_payer_name as detail,
        payer_name,
        cast(claims as varchar) as evidence,
        lines,
        null as billed_units,
        charge_usd,
        null as allowed_usd,
        charge_usd as settles_usd,
        null as first_service_date,
        null as last_service_date
    from int_payers_answering_for_others
    union all
    select
        'denial_reason' as question,
        false as is_unpriced,
        null as payer_id,
        null as other_payer_id,
        null as line_of_business,
        null as hcpcs,
        null as ndc11,
        coalesce(group_code, '?') || '-' || coalesce(reason_code, '?') as detail,
        null as payer_name,
        min(case when group_code = 'PR' then 'patient share' else 'a denial' end)
            as evidence,
        count(*) as lines,
        null as billed_units,
        null as charge_usd,
        null as allowed_usd,
        sum(abs(adjustment_usd)) as settles_usd,
        null as first_service_date,
        null as last_service_date
    from int_adjustments_read
    where not is_mapped
    group by coalesce(group_code, '?') || '-' || coalesce(reason_code, '?')
),

parts as (
    select
        *,
        question || ':' || coalesce(payer_id, '') || ':' || coalesce(other_payer_id, '')
        || ':' || coalesce(line_of_business, '') || ':' || coalesce(hcpcs, '')
        || ':' || coalesce(ndc11, '') || ':' || coalesce(detail, '') as question_id,
        case
            when question in ('payer', 'line_of_business') then 'payers.csv'
            when question = 'same_payer' then 'payer_aliases.csv'
            when question = 'filing_codes' then 'payer_lines.csv'
            when question in ('term', 'two_terms', 'replaced_code')
                then 'contract_terms.csv'
            when question = 'payment_limit' then 'payment_limits.csv'
            when question = 'drug_code' then 'drug_codes.csv'
            when question in ('package', 'drug_without_package')
                then 'drug_packages.csv'
            when question = 'waste_policy' then 'payer_policies.csv'
            when question = 'denial_reason' then 'denial_reasons.csv'
        end as reference_file,
        coalesce(', payer_id ' || payer_id, '')
        || coalesce(', line_of_business ' || nullif(line_of_business, 'other'), '')
        || coalesce(', hcpcs ' || hcpcs, '')
        || coalesce(', ndc11 ' || ndc11, '') as row_text,
        cast(lines as varchar) || case when lines = 1 then ' line' else ' lines' end
        || coalesce(', $' || cast(cast(charge_usd as decimal(18, 2)) as varchar), '')
        || ' charged'
        || coalesce(
            ', $' || cast(cast(allowed_usd as decimal(18, 2)) as varchar) || ' allowed',
            ''
        ) as lines_text,
        coalesce(
            'from ' || cast(first_service_date as varchar) || ' to '
            || cast(last_service_date as varchar),
            'undated'
        ) as dates_text
    from questions
),

worded as (
    select
        *,
        case
            when question = 'payer'
                then
                    ': ' || payer_name || ' is neither there nor in payer_aliases.csv:'
                    || ' run analytics init, or add it. ' || lines_text
                    || ', wait for a payer.'
            when question = 'same_payer'
                then
                    ': are ' || payer_name || ' and ' || detail || ' one payer? '
                    || evidence || ' claims sent to one were answered by the other'
                    || ' alone, ' || lines_text || '. If so, give the names and ids of'
                    || ' both one payer_id.'
            when question = 'line_of_business'
                then
                    row_text || ': write line_of_business; filing code ' || evidence
                    || ' does not say it. ' || lines_text || ', rest on it.'
            when question = 'filing_codes'
                then
                    row_text || ': ' || detail || ' name two lines of business; give'
                    || ' both codes one, or add a row with the group_number. '
                    || lines_text || ', are priced then.'
            when question = 'term'
                then
                    row_text || ': write method and rate; no term is in force for '
                    || lines_text || ', ' || dates_text || '.'
            when question = 'two_terms'
                then
                    row_text || ': terms ' || detail || ' fit alike; end one, or'
                    || ' narrow it. ' || lines_text || ', are priced then.'
            when question = 'replaced_code'
                then
                    row_text || ': the contract names ' || detail || ', which this code'
                    || ' replaced; write a row for the new code. ' || lines_text
                    || ', are priced then.'
            when question = 'payment_limit'
                then
                    row_text || ': no CMS limit is on file for ' || lines_text || ', '
                    || dates_text || '; add its rows, or a term with a fixed rate.'
            when question = 'drug_code'
                then
                    row_text || ': write its drug and unit_mg, or is_unlisted yes; no'
                    || ' list has the code. ' || lines_text || ', have no drug until'
                    || ' then.'
            when question = 'package'
                then
                    row_text || ': write its drug and what the package holds; no list'
                    || ' has it. ' || lines_text || ', billed as ' || evidence
                    || ', name it.'
            when question = 'drug_without_package'
                then
                    ', drug ' || detail || ': add a row per NDC it comes in; none is on'
                    || ' file. The waste of ' || lines_text || ', cannot be told.'
            when question = 'waste_policy'
                then
                    row_text || ': write pays_waste, requires_jw and requires_jz. The'
                    || ' waste of ' || lines_text || ', waits for it'
                    || coalesce(
                        ': $' || cast(cast(settles_usd as decimal(18, 2)) as varchar)
                        || ' where it has a price', ''
                    ) || '.'
            when question = 'denial_reason'
                then
                    ', code ' || detail || ': write its class and effect; it is read'
                    || ' as ' || evidence || ' on ' || cast(lines as varchar)
                    || ' adjustments, $'
                    || cast(cast(settles_usd as decimal(18, 2)) as varchar) || '.'
            else
                coalesce(payer_name, 'no payer') || ': ' || detail || '; ' || lines_text
                || '. No reference file prices them.'
        end as said
    from parts
),

final as (
    select
        question_id,
        cast(
            row_number() over (
                order by
                    case when reference_file is null then 1 else 0 end asc,
                    case when settles_usd is null then 1 else 0 end asc,
                    settles_usd desc,
                    question_id asc
            ) as bigint
        ) as place,
        reference_file,
        question,
        is_unpriced,
        payer_id,
        payer_name,
        other_payer_id,
        line_of_business,
        hcpcs,
        ndc11,
        detail,
        nullif(evidence, '') as evidence,
        cast(lines as bigint) as lines,
        cast(billed_units as decimal(18, 3)) as billed_units,
        cast(charge_usd as decimal(18, 2)) as charge_usd,
        cast(allowed_usd as decimal(18, 2)) as allowed_usd,
        cast(settles_usd as decimal(18, 2)) as settles_usd,
        first_service_date,
        last_service_date,
        coalesce('reference/' || reference_file, '') || said as sentence
    from worded
)

select * from final
