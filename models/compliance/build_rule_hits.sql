-- One row per violation of a rule that is evaluated on the built tables.
with final as (
    {{ union_of_rules('build') }}
)

select * from final
