-- what    primary lines that a payer settled together: a whole claim, a cap over the claim, a pair
-- grain   one row per primary claim line and payer
-- key     claim_id, line_number, payer_id
-- reads   int_lines_with_own_outcome
-- beware  looked at in this order: whole claims, caps, pairs; a line is in one of them at most (RULES 9.2)

with

lines as (
    select
        claim_id,
        line_number,
        payer_id,
        service_date,
        drug,
        own_outcome,
        cap,
        expected_allowed_usd,
        is_answered_as_whole,
        -- what a line must be to be compared with others at all
        expected_allowed_usd is not null
        and coalesce(is_balanced, true)
        and prior_payer_usd = 0
        and not coalesce(charge_usd <= 1.00, false)
        and own_outcome in ('paid', 'zero_no_reason', 'bundled') as is_comparable,
        cast(expected_allowed_usd - allowed_usd as decimal(18, 2)) as difference_usd
    from int_lines_with_own_outcome
    where payer_rank = 'primary'
),

-- a claim answered without lines is compared as a whole: its split over lines is ours
whole_claims as (
    select
        claim_id,
        payer_id,
        count(expected_allowed_usd) = count(*)
        and min(case when own_outcome = 'paid' then 1 else 0 end) = 1
        and coalesce(abs(sum(difference_usd)) <= 0.01 * count(*), false)
            as is_whole_match
    from lines
    where is_answered_as_whole
    group by claim_id, payer_id
    having
        count(*) > 1
        and not coalesce(
            count(expected_allowed_usd) = count(*)
            and max(abs(difference_usd)) <= 0.01, false
        )
),

with_wholes as (
    select
        lines.*,
        coalesce(whole_claims.is_whole_match, false) as is_whole_match,
        not coalesce(whole_claims.is_whole_match, true) as is_whole_split
    from lines
    left join whole_claims
        on
            lines.claim_id = whole_claims.claim_id
            and lines.payer_id = whole_claims.payer_id
            and lines.is_answered_as_whole
),

-- a cap over the claim is one sum: how the payer spread it is its own affair
caps as (
    select
        claim_id,
        payer_id,
        cap
    from with_wholes
    where cap is not null
    group by claim_id, payer_id, cap
    having
        count(*) > 1
        and min(case when is_comparable then 1 else 0 end) = 1
        and max(case when is_whole_match or is_whole_split then 1 else 0 end) = 0
        and max(case when own_outcome = 'paid' then 1 else 0 end) = 1
        and max(abs(difference_usd)) > 0.01
        and abs(sum(difference_usd)) <= 0.01
),

with_caps as (
    select
        with_wholes.*,
        caps.claim_id is not null as is_cap_match
    from with_wholes
    left join caps
        on
            with_wholes.claim_id = caps.claim_id
            and with_wholes.payer_id = caps.payer_id
            and with_wholes.cap = caps.cap
),

-- an administered and a waste line paid as one: together they are at contract
pairs as (
    select
        claim_id,
        payer_id,
        service_date,
        drug
    from with_caps
    where
        drug is not null
        and is_comparable
        and not is_whole_match
        and not is_whole_split
        and not is_cap_match
    group by claim_id, payer_id, service_date, drug
    having
        count(*) > 1
        and max(case when own_outcome = 'paid' then 1 else 0 end) = 1
        and max(abs(difference_usd)) > 0.01
        and abs(sum(difference_usd)) <= 0.01 * count(*)
),

final as (
    select
        with_caps.claim_id,
        with_caps.line_number,
        with_caps.payer_id,
        with_caps.is_whole_match,
        with_caps.is_whole_split,
        with_caps.is_cap_match,
        pairs.claim_id is not null
        and with_caps.is_comparable
        and not with_caps.is_whole_match
        and not with_caps.is_whole_split
        and not with_caps.is_cap_match as is_pair
    from with_caps
    left join pairs
        on
            with_caps.claim_id = pairs.claim_id
            and with_caps.payer_id = pairs.payer_id
            and with_caps.service_date = pairs.service_date
            and with_caps.drug = pairs.drug
)

select * from final
