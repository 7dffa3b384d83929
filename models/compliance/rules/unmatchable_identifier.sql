-- One row per contact that the opt-out list cannot be compared with: an identifier without a hash,
-- a hash under another key than an opt-out's, or no identifier at all; and per contact while an
-- opt-out does not say whose it is.
with final as (
    {{ unmatchable_identifier(ref('suppressions_in_force'), ref('contact_identifiers'), ref('contact_channels')) }}
)

select * from final
