-- what    what the administration records of a treatment tell beside milligrams: times, place, reasons, therapies before
-- grain   one row per treatment with an administration
-- key     claim_id, line_number, payer_id
-- reads   int_administrations_of_treatments, int_administrations
-- beware  lacks_* says that at least one administration does not tell it (RULES 20.11, 20.14)

with

final as (
    select
        joined.claim_id,
        joined.line_number,
        joined.payer_id,
        count(*) > count(doses.started_at) as lacks_start,
        count(*) > count(doses.stopped_at) as lacks_stop,
        count(*) > count(doses.route) as lacks_route,
        count(*) > count(doses.site) as lacks_site,
        count(doses.prior_therapies) > 0 as has_prior_therapies,
        count(
            case when doses.discarded_mg > 0 then doses.discard_reason end
        ) > 0 as has_discard_reason,
        count(case when not doses.is_rationale_documented then 1 end) > 0
            as lacks_rationale,
        count(*) = count(case when doses.is_rationale_documented then 1 end)
            as has_rationale
    from int_administrations_of_treatments as joined
    inner join int_administrations as doses
        on joined.administration_id = doses.administration_id
    where joined.claim_id is not null
    group by joined.claim_id, joined.line_number, joined.payer_id
)

select * from final
