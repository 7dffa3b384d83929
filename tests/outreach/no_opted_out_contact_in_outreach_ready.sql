-- Guards outreach.outreach_ready. A row here: somebody whose source row says "opted out" would
-- be contacted.
-- Reads the opt-out flag of the rows behind the contact, and of every row with one of the
-- numbers or mailboxes shown.
with ready as (

    select
        contact_id,
        email,
        phone_e164
    from {{ ref('outreach_ready') }}

),

opted_out_rows as (

    select
        import_id,
        row_number,
        email,
        phone_e164
    from {{ ref('lead_rows_parsed') }}
    where
        coalesce(opt_out, true)
        and not coalesce(is_withdrawn, false)

)

select contact_sources.contact_id
from opted_out_rows
inner join {{ ref('contact_sources') }} as contact_sources
    on
        opted_out_rows.import_id = contact_sources.import_id
        and opted_out_rows.row_number = contact_sources.row_number
inner join ready
    on contact_sources.contact_id = ready.contact_id

union

select ready.contact_id
from opted_out_rows
inner join ready
    on opted_out_rows.email = ready.email

union

select ready.contact_id
from opted_out_rows
inner join ready
    on opted_out_rows.phone_e164 = ready.phone_e164
