-- One row per contact and opt-out in force of one of its phones or mailboxes, whatever channel
-- that is. One for a single customer counts in that customer's queue (customer_opt_outs).
with final as (
    {{ suppressed_contact(ref('suppressions_in_force'), ref('contact_identifiers')) }}
)

select * from final
