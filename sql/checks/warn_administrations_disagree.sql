-- what    treatments whose administration record and claim tell different units: the claim's stand
-- reads   int_treatments_with_expected_waste
-- likely  an error in the charge or in the record; a dose billed and not given has to be paid back

select
    claim_id,
    service_date,
    drug,
    recorded_administered_units,
    administered_units,
    'claim ' || claim_id || ', ' || cast(service_date as varchar) || ', ' || drug
    || ': the administration record ('
    || cast(cast(recorded_administered_units as decimal(18, 0)) as varchar)
    || ' units) and the claim ('
    || regexp_replace(
        regexp_replace(cast(administered_units as varchar), '0+$', ''), '[.]$', ''
    )
    || ' units) disagree. Compare both with the chart; the record proves no vials.'
        as sentence
from int_treatments_with_expected_waste
where is_record_in_doubt
order by claim_id, service_date, drug
