-- what    every contract term on record at as-of: of versions that begin on one day the latest, its end included
-- grain   one row per version of a term that stands
-- key     row_id
-- reads   stg_ref__contract_terms, raw_site
-- beware  a version recorded later can end a term: the row it replaces prices nothing from then on (RULES 8.2)

select terms.*
from stg_ref__contract_terms as terms
cross join raw_site
where terms.recorded_on <= raw_site.as_of
qualify
    row_number() over (
        partition by
            terms.payer_id,
            terms.term_id,
            terms.line_of_business,
            terms.claim_type,
            terms.billing_id,
            terms.ndc11,
            terms.hcpcs,
            terms.drug,
            terms.effective_from
        order by terms.recorded_on desc, terms.row_id asc
    ) = 1
