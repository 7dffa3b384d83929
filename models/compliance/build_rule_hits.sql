-- One row per violation of a rule that is evaluated on the built tables.
{{ config(materialized=unless_trial(), incremental_strategy='judged_accounts') }}
with final as (
    {{ union_of_rules('build', condition=only_judged_accounts()) }}
)

select * from final
