-- what    whether a line's NDC is of its drug, and whether its price's quarter is on file
-- grain   one row per primary drug line that is not closed
-- key     claim_id, line_number, payer_id
-- reads   int_documentation_lines, int_documentation_ndcs_to_look_up, int_documentation_ndcs_by_date, int_lines_with_unit_price, int_limits_as_known
-- beware  checks ndc and reference_current (RULES 20.2, 20.15); an NDC is quoted only where it is one on file

with

meant as (
    select
        asked.sent_ndc11,
        asked.identity_date,
        named.drug,
        min(asked.ndc11) as meant_ndc11
    from int_documentation_ndcs_to_look_up as asked
    inner join int_documentation_ndcs_by_date as named
        on
            asked.ndc11 = named.ndc11
            and asked.identity_date = named.identity_date
    group by asked.sent_ndc11, asked.identity_date, named.drug
),

quarters as (
    select distinct effective_quarter
    from int_limits_as_known
),

last_quarters as (
    select max(effective_quarter) as last_quarter
    from quarters
),

lines as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.hcpcs,
        lines.drug,
        lines.identity_basis,
        lines.ndc11,
        lines.has_ndc,
        lines.has_known_ndc,
        lines.is_remit_only,
        meant.meant_ndc11,
        prices.effective_quarter,
        lines.method in ('pct_of_limit', 'asp_plus')
        and prices.effective_quarter is not null as needs_limit,
        quarters.effective_quarter is not null as has_quarter,
        last_quarters.last_quarter
    from int_documentation_lines as lines
    left join meant
        on
            lines.ndc11 = meant.sent_ndc11
            and coalesce(lines.service_date, date '9999-12-31') = meant.identity_date
            and lines.drug = meant.drug
            and not lines.has_known_ndc
    left join int_lines_with_unit_price as prices
        on
            lines.claim_id = prices.claim_id
            and lines.line_number = prices.line_number
            and lines.payer_id = prices.payer_id
    left join quarters
        on prices.effective_quarter = quarters.effective_quarter
    cross join last_quarters
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        case
            when has_known_ndc and identity_basis = 'ndc_contradicts_code'
                then 'not_met'
            when has_known_ndc and drug is null and identity_basis like 'unlisted%'
                then 'cannot_tell'
            when has_known_ndc then 'met'
            when is_remit_only then 'cannot_tell'
            when ndc11 is null or meant_ndc11 is not null then 'not_met'
            else 'cannot_tell'
        end as ndc_result,
        case
            when has_known_ndc and identity_basis = 'ndc_contradicts_code'
                then
                    'the NDC is of ' || coalesce(drug, 'another code')
                    || ', not of what ' || coalesce(hcpcs, 'the line') || ' stands for'
            when has_known_ndc and drug is null and identity_basis like 'unlisted%'
                then 'nothing on file says which drug the NDC is of'
            when has_known_ndc
                then 'the NDC is one of ' || coalesce(drug, 'the billed code')
            when is_remit_only then 'no claim on file says which NDC was sent'
            when not has_ndc then 'no NDC was sent'
            when ndc11 is null then 'the NDC as sent does not come to eleven digits'
            when meant_ndc11 is not null
                then 'padded in the wrong segment: ' || meant_ndc11 || ' is known'
            else 'no crosswalk and no package on file has this NDC'
        end as ndc_reason,
        case
            when not coalesce(needs_limit, false) or has_quarter then 'met'
            else 'not_met'
        end as reference_result,
        case
            when not coalesce(needs_limit, false) then 'no CMS limit is needed'
            when has_quarter
                then 'CMS limits of ' || effective_quarter || ' are on file'
            else
                'no CMS limit of ' || effective_quarter || ' is on file; the last is '
                || coalesce(last_quarter, 'of no quarter')
        end as reference_reason
    from lines
)

select * from final
