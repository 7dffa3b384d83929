-- One row per violation of a rule that is evaluated on the built tables.
{{ config(materialized=unless_trial(), incremental_strategy='judged_accounts') }}
with hits as (
    {{ union_of_rules('build') }}
),

final as (

    select * from hits
    where {{ only_judged_accounts() }}

)

select * from final
