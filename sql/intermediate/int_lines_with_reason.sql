-- what    every primary line, and what else than its rate decides its expected amount, if anything
-- grain   one row per primary claim line and payer
-- key     claim_id, line_number, payer_id
-- reads   int_claim_lines_with_remit_additions, int_lines_with_term, int_lines_with_unit_price, int_lines_with_policy
-- beware  reason is null where the line is priced at a rate; the order of the reasons is a rule (RULES 8.8)

with

lines as (
    select
        claim_lines.claim_id,
        claim_lines.line_number,
        claim_lines.payer_id,
        claim_lines.is_known_payer,
        claim_lines.is_waste_line,
        claim_lines.modifiers,
        claim_lines.line_state in ('dropped', 'voided') as is_ended,
        claim_lines.service_date,
        claim_lines.charge_usd,
        claim_lines.claim_type,
        claim_lines.place_of_service as type_of_bill,
        with_term.line_of_business,
        with_term.no_term_basis,
        policies.covered,
        policies.pays_waste,
        policies.policy_source,
        prices.term_id,
        prices.contract_id,
        prices.method,
        prices.charge_cap,
        prices.no_price_basis
    from int_claim_lines_with_remit_additions as claim_lines
    inner join int_lines_with_term as with_term
        on
            claim_lines.claim_id = with_term.claim_id
            and claim_lines.line_number = with_term.line_number
            and claim_lines.payer_id = with_term.payer_id
    left join int_lines_with_unit_price as prices
        on
            claim_lines.claim_id = prices.claim_id
            and claim_lines.line_number = prices.line_number
            and claim_lines.payer_id = prices.payer_id
    left join int_lines_with_policy as policies
        on
            claim_lines.claim_id = policies.claim_id
            and claim_lines.line_number = policies.line_number
            and claim_lines.payer_id = policies.payer_id
            and claim_lines.payer_rank = policies.payer_rank
    where claim_lines.payer_rank = 'primary'
),

final as (
    select
        claim_id,
        line_number,
        payer_id,
        line_of_business,
        is_ended,
        charge_usd,
        contract_id,
        charge_cap,
        pays_waste,
        case
            when not is_known_payer then 'not priced: payer not in payers.csv'
            when no_term_basis like 'not priced: line of business%' then no_term_basis
            -- discarded drug that the policy does not pay is 0.00 whatever the term says
            when
                no_term_basis like 'not priced: row %'
                and not (
                    is_waste_line
                    and coalesce(pays_waste, '') = 'no'
                    and coalesce(covered, '') <> 'no'
                )
                then no_term_basis
            when method in ('capitated', 'case_rate')
                then 'suppressed: ' || method || ' (term ' || term_id || ')'
            when method = 'not_covered' then 'not covered: term ' || term_id
            when covered = 'no' then 'not covered: policy ' || policy_source
            when is_waste_line and pays_waste = 'no'
                then 'priced: 0.00, no waste is paid (policy ' || policy_source || ')'
            when no_term_basis is not null then no_term_basis
            when
                line_of_business = 'medicare_ffs'
                and ' ' || modifiers || ' ' like '% JG %'
                and service_date between date '2018-01-01' and date '2022-09-27'
                then 'not priced: JG line of 2018-01-01 to 2022-09-27 (litigated)'
            -- a stay, a bundle or cost: nothing of it is paid by the drug
            when
                line_of_business = 'medicare_ffs'
                and claim_type = 'institutional'
                and method = 'pct_of_limit'
                and type_of_bill not in (
                    '12', '13', '14', '22', '23', '34', '74', '75', '76'
                )
                and coalesce(no_price_basis, '') not in (
                    'not priced: milligrams per unit unknown',
                    'not priced: service dates span two prices',
                    'not priced: charge not stated'
                )
                then
                    'not priced: type of bill ' || type_of_bill
                    || ' is not paid by the drug'
            else no_price_basis
        end as reason
    from lines
)

select * from final
