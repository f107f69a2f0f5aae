-- what    why a short or overpaid line is off its contract price, in dollars that add up to its gap
-- grain   one row per line and cause
-- key     claim_id, line_number, payer_id, payer_rank, cause
-- reads   int_causes_in_words, int_causes_lines, int_causes_units_and_code, code_identity
-- beware  gap_usd is signed, what is overpaid is negative; what was denied is not in it (RULES 16.1)

with

parts as (
    select
        claim_id,
        line_number,
        payer_id,
        'units_reduced' as cause,
        units_reduced_usd as gap_usd
    from int_causes_units_and_code
    union all
    select
        claim_id,
        line_number,
        payer_id,
        'recoded' as cause,
        recoded_usd as gap_usd
    from int_causes_units_and_code
    union all
    select
        steps.claim_id,
        steps.line_number,
        steps.payer_id,
        words.last_cause as cause,
        steps.rest_usd as gap_usd
    from int_causes_units_and_code as steps
    inner join int_causes_in_words as words
        on
            steps.claim_id = words.claim_id
            and steps.line_number = words.line_number
            and steps.payer_id = words.payer_id
),

final as (
    select
        parts.claim_id,
        parts.line_number,
        parts.payer_id,
        'primary' as payer_rank,
        lines.payer_name,
        lines.hcpcs,
        lines.service_date,
        parts.cause,
        parts.gap_usd,
        cast(
            case when lines.line_gap_usd > 0 then parts.gap_usd else 0 end
            as decimal(18, 2)
        ) as shortfall_usd,
        cast(
            case when lines.line_gap_usd < 0 then -parts.gap_usd else 0 end
            as decimal(18, 2)
        ) as overpaid_usd,
        case parts.cause
            when 'units_reduced' then words.units_in_words
            when 'recoded' then words.code_in_words
            else words.rest_in_words
        end as cause_detail,
        case
            when parts.cause not in ('units_reduced', 'recoded') then words.candidate
        end as candidate,
        -- the convention a house code's price rests on goes wherever its dollars go
        case
            when identities.identity_basis = 'house_code'
                then
                    identities.hcpcs || ' is ' || identities.drug
                    || ' here (house code), priced by the milligram of '
                    || coalesce(identities.cms_hcpcs, 'no CMS code')
                    || coalesce('; CMS: ' || identities.cms_descriptor, '')
                    || case
                        when
                            abs(
                                identities.allowed_usd
                                - identities.expected_if_cms_units_usd
                            ) <= 0.01
                            then
                                '. Allowed is what the billed units come to as '
                                || 'units of ' || identities.cms_hcpcs
                                || ': the payer may read them so'
                        else ''
                    end
        end as identity_note
    from parts
    inner join int_causes_lines as lines
        on
            parts.claim_id = lines.claim_id
            and parts.line_number = lines.line_number
            and parts.payer_id = lines.payer_id
    inner join int_causes_in_words as words
        on
            parts.claim_id = words.claim_id
            and parts.line_number = words.line_number
            and parts.payer_id = words.payer_id
    left join code_identity as identities
        on
            parts.claim_id = identities.claim_id
            and parts.line_number = identities.line_number
            and parts.payer_id = identities.payer_id
            and identities.payer_rank = 'primary'
    where parts.gap_usd <> 0
)

select * from final
