-- what    the cause that takes what is left of each line, and every cause in a sentence
-- grain   one row per short or overpaid line
-- key     claim_id, line_number, payer_id
-- reads   int_causes_lines, int_causes_lines_left, int_causes_recurring_rates, int_causes_remit_code_policies, int_causes_remit_code_prices, int_causes_remit_code_terms, int_causes_remit_codes, int_causes_that_fit, int_causes_units_and_code
-- beware  the dollars stand in int_causes_units_and_code; here they get their name (RULES 16.6 to 16.11)

with

lines as (
    select
        lines.claim_id,
        lines.line_number,
        lines.payer_id,
        lines.hcpcs,
        lines.remit_hcpcs,
        lines.allowed_usd,
        lines.is_priced_at_rate,
        steps.ended_by,
        steps.is_at_remit_code,
        fits.cause as fitting_cause,
        fits.candidate,
        fits.said,
        fits.also_fits,
        rates.kind as rate_kind,
        rates.service_quarter,
        rates.claims,
        prices.term_id as remit_term_id,
        lines_left.recorded_on,
        coalesce(
            case
                when
                    not policies.is_covered
                    and coalesce(terms.no_term_basis, '') not like 'not priced: row %'
                    and coalesce(terms.no_term_basis, '')
                    not like 'not priced: line of business%'
                    then 'not covered: policy ' || policies.policy_source
            end,
            prices.no_price_basis,
            terms.no_term_basis,
            'not priced: method ' || prices.method,
            'not priced: no term'
        ) as no_code_price,
        coalesce(lines_left.hcpcs, lines.hcpcs, 'no code') as code_left,
        regexp_replace(cast(lines.billed_units as varchar), '[.]?0+$', '')
            as billed_text,
        regexp_replace(cast(lines.paid_units as varchar), '[.]?0+$', '') as paid_text,
        regexp_replace(cast(codes.units as varchar), '[.]?0+$', '') as code_units_text,
        regexp_replace(cast(steps.units as varchar), '[.]?0+$', '') as units_left_text,
        regexp_replace(cast(rates.rate as varchar), '[.]?0+$', '') as rate_text
    from int_causes_lines as lines
    inner join int_causes_units_and_code as steps
        on
            lines.claim_id = steps.claim_id
            and lines.line_number = steps.line_number
            and lines.payer_id = steps.payer_id
    left join int_causes_lines_left as lines_left
        on
            lines.claim_id = lines_left.claim_id
            and lines.line_number = lines_left.line_number
            and lines.payer_id = lines_left.payer_id
    left join int_causes_remit_codes as codes
        on
            lines.claim_id = codes.claim_id
            and lines.line_number = codes.line_number
            and lines.payer_id = codes.payer_id
    left join int_causes_remit_code_terms as terms
        on
            lines.claim_id = terms.claim_id
            and lines.line_number = terms.line_number
            and lines.payer_id = terms.payer_id
    left join int_causes_remit_code_policies as policies
        on
            lines.claim_id = policies.claim_id
            and lines.line_number = policies.line_number
            and lines.payer_id = policies.payer_id
    left join int_causes_remit_code_prices as prices
        on
            lines.claim_id = prices.claim_id
            and lines.line_number = prices.line_number
            and lines.payer_id = prices.payer_id
    left join int_causes_that_fit as fits
        on
            lines.claim_id = fits.claim_id
            and lines.line_number = fits.line_number
            and lines.payer_id = fits.payer_id
    left join int_causes_recurring_rates as rates
        on
            lines.claim_id = rates.claim_id
            and lines.line_number = rates.line_number
            and lines.payer_id = rates.payer_id
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        case
            when ended_by is not null then ended_by
            when fitting_cause is not null then fitting_cause
            when rate_kind is not null then 'rate_difference'
            else 'unexplained'
        end as last_cause,
        coalesce(candidate, rate_kind || ' ' || rate_text) as candidate,
        'paid for ' || paid_text || ' of ' || billed_text || ' units' as units_in_words,
        case
            when is_at_remit_code
                then
                    'billed as ' || hcpcs || ', answered as ' || remit_hcpcs || ': '
                    || code_units_text || ' units under term ' || remit_term_id
            when no_code_price = 'not priced: no term'
                then remit_hcpcs || ' has no term'
            else remit_hcpcs || ' is ' || no_code_price
        end as code_in_words,
        case
            when ended_by = 'rounding' then 'a rest of one cent'
            when not is_priced_at_rate
                then 'paid although the policy pays no waste'
            when fitting_cause = 'rate_difference'
                then
                    'the whole charge was allowed: a lesser-of clause that is not on '
                    || 'file would make this 0.00'
            when fitting_cause is not null
                then
                    'allowed at ' || said
                    || case
                        when
                            fitting_cause = 'superseded_term'
                            and recorded_on > date '0001-01-01'
                            then
                                '; the term in force was recorded '
                                || cast(recorded_on as varchar)
                        else ''
                    end
                    || coalesce('; also fits: ' || also_fits, '')
            when rate_kind is not null
                then
                    'allowed at ' || rate_text
                    || case
                        when rate_kind = 'percent of the limit' then '% of the limit'
                        when rate_kind = 'percent of the charge'
                            then '% of the charge'
                        else ' dollars a unit'
                    end || ' on ' || cast(claims as varchar) || ' claims of '
                    || code_left || ' in ' || service_quarter
            else
                'no other price or term gives '
                || cast(allowed_usd as varchar) || ' for '
                || coalesce(units_left_text || ' units of ', '') || code_left
                || ', and no one rate stands on three claims of the quarter'
        end as rest_in_words
    from lines
)

select * from final
