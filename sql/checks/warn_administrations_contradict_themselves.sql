-- what    administrations whose rows tell one dose differently: none of them is used
-- reads   int_administrations
-- likely  two doses under one administration_id, or a record corrected in one row alone

select
    administration_id,
    contradiction,
    'administration ' || administration_id || ': its rows tell ' || contradiction
    || ' differently, so it is not used. Mend the rows, or give each dose an'
    || ' administration_id of its own.' as sentence
from int_administrations
where is_contradictory
order by administration_id
