-- One row per landed record of which any opt-out column says that it wants no contact, a consent
-- column that none was given, or a status that it is not to be contacted, accepted or not, built or
-- not. A view, so that the gate sees the opt-outs of an import before the next build.
with cells as (

    select
        import_id,
        row_number,
        field,
        {{ clean_text('raw_value') }} as cell_text
    from {{ ref('stg_lead_row_values') }}
    where field in ('opt_out', 'opt_in', 'contact_status')

)

select
    import_id,
    row_number
from cells
where
    (field = 'opt_out' and {{ is_opt_out('cell_text') }})
    or (field = 'opt_in' and {{ is_refusal('cell_text') }})
    or (field = 'contact_status' and {{ forbids_contact('cell_text') }})
group by import_id, row_number
