-- what    claims that have a line for each service a payer answered
-- grain   one row per remit claim and such a claim, where several claims may be meant
-- key     remit_claim_id, claim_id
-- reads   int_remit_claims_in_order, int_submissions_chained_to_claims, stg_835__remit_lines, stg_837__claim_lines
-- beware  of one submission: code, modifiers and charge, one sent twice counts twice; a remit claim without services fits none (RULES 4.3)

with

contested as (
    select claim_number
    from int_submissions_chained_to_claims
    group by claim_number
    having count(distinct claim_id) > 1
),

named as (
    select distinct
        submissions.claim_number,
        submissions.claim_id
    from int_submissions_chained_to_claims as submissions
    inner join contested
        on submissions.claim_number = contested.claim_number
),

pairs as (
    select
        events.remit_claim_id,
        events.service_lines,
        submissions.claim_id,
        submissions.submission_id
    from int_remit_claims_in_order as events
    inner join named
        on events.claim_number = named.claim_number
    inner join int_submissions_chained_to_claims as submissions
        on named.claim_id = submissions.claim_id
),

answered as (
    select distinct remit_claim_id
    from pairs
),

sent as (
    select distinct submission_id
    from pairs
),

remit_lines as (
    select
        lines.remit_claim_id,
        lines.sorted_modifiers,
        coalesce(lines.original_hcpcs, lines.hcpcs) as billed_hcpcs,
        abs(lines.charge_usd) as charge_usd,
        row_number() over (
            partition by
                lines.remit_claim_id,
                coalesce(lines.original_hcpcs, lines.hcpcs),
                lines.sorted_modifiers,
                abs(lines.charge_usd)
            order by lines.remit_line_number
        ) as place
    from stg_835__remit_lines as lines
    inner join answered
        on lines.remit_claim_id = answered.remit_claim_id
),

claim_lines as (
    select
        lines.submission_id,
        lines.hcpcs,
        lines.sorted_modifiers,
        abs(lines.charge_usd) as charge_usd,
        row_number() over (
            partition by
                lines.submission_id,
                lines.hcpcs,
                lines.sorted_modifiers,
                abs(lines.charge_usd)
            order by lines.line_number
        ) as place
    from stg_837__claim_lines as lines
    inner join sent
        on lines.submission_id = sent.submission_id
),

fitting as (
    select
        pairs.remit_claim_id,
        pairs.claim_id,
        pairs.submission_id
    from pairs
    inner join remit_lines
        on pairs.remit_claim_id = remit_lines.remit_claim_id
    inner join claim_lines
        on
            pairs.submission_id = claim_lines.submission_id
            and remit_lines.billed_hcpcs = claim_lines.hcpcs
            and remit_lines.sorted_modifiers = claim_lines.sorted_modifiers
            and remit_lines.charge_usd = claim_lines.charge_usd
            and remit_lines.place = claim_lines.place
    group by pairs.remit_claim_id, pairs.claim_id, pairs.submission_id
    having count(*) = max(pairs.service_lines)
),

final as (
    select distinct
        remit_claim_id,
        claim_id
    from fitting
)

select * from final
