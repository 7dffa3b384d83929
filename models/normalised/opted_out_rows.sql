-- One row per landed record of which any opt-out column says that it wants no contact, a consent
-- column that none was given, or a status that it is not to be contacted, accepted or not, built or
-- not. A view, so that the gate sees the opt-outs of an import before the next build.
select
    import_id,
    row_number
from {{ ref('stg_lead_row_values') }}
where
    (field = 'opt_out' and {{ is_opt_out('raw_value') }})
    or (field = 'opt_in' and {{ is_refusal('raw_value') }})
    or (field = 'contact_status' and {{ forbids_contact('raw_value') }})
group by import_id, row_number
