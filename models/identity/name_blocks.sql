-- One row per account, name and block: only names of one block are compared. All pairs would be
-- quadratic.
{{ config(materialized=unless_trial(), incremental_strategy='touched_accounts') }}
{#- Which reads this table as it was. #}
{{- built_after('touched_blocks') }}
with names as (

    select * from {{ ref('account_names') }}
    where {{ only_touched_accounts() }}

),

final as (

    {{ name_blocks('names', ref('name_variants')) | indent(4) }}

)

select * from final
