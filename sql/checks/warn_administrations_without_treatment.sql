-- what    administrations on record that no treatment billed on a claim answers to
-- reads   int_administrations_of_treatments, int_administrations, raw_site
-- likely  a dose that was given and never billed, or a record with another drug, day or claim number than the claim

select
    joined.administration_id,
    doses.service_date,
    doses.drug,
    doses.administered_mg,
    'administration ' || joined.administration_id || ' of '
    || cast(doses.service_date as varchar) || ', '
    || coalesce(doses.drug, 'no drug told') || ': ' || joined.left_out_because
    || '. Bill the dose, or mend the record.' as sentence
from int_administrations_of_treatments as joined
inner join int_administrations as doses
    on joined.administration_id = doses.administration_id
cross join raw_site
where
    joined.claim_id is null
    and not doses.is_contradictory
    and doses.service_date <= raw_site.as_of
order by doses.service_date asc, joined.administration_id asc
