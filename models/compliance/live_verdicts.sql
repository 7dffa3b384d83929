-- One row per contact and channel: the verdict at this moment, the worst of its rules.
{{ config(materialized='view') }}
with read_rule_hits as (
    {{ union_of_rules('read') }}
),

final as (
    {{ judged_now(ref('build_verdicts'), 'read_rule_hits', ref('contact_channels')) }}
)

select * from final
