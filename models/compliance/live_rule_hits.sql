-- One row per violation of a rule at this moment, with where the rule stands and what shows the
-- violation.
{{ config(materialized='view') }}
with hits as (

    select * from {{ ref('build_rule_hits') }}
    union all
    {{ union_of_rules('read') }}

),

rules as (

    select * from {{ ref('applicable_rules') }}

),

final as (

    select
        hits.rule_id,
        hits.account_id,
        hits.contact_id,
        hits.channel,
        coalesce(hits.contact_id, hits.account_id) as subject,
        coalesce(rules.title_en, 'A rule that is not in the list of rules') as title,
        rules.title_ar,
        coalesce(rules.verdict, 'blocked') as verdict,
        rules.source,
        rules.source_article,
        hits.evidence,
        hits.source_ref
    from hits
    left join rules
        on hits.rule_id = rules.rule_id
    where coalesce(rules.effective_from <= {{ now_utc() }}, true)

)

select * from final
