-- One row per contact and channel: what the rules on the built tables say. The live gate adds
-- what happened since.
{{ config(materialized=unless_trial(), incremental_strategy='judged_accounts') }}
with contact_channels as (

    select * from {{ ref('contact_channels') }}
    where {{ only_judged_accounts() }}

),

hits as (

    select * from {{ ref('build_rule_hits') }}
    where {{ only_judged_accounts() }}

),

hit as (
    {{ subject_verdicts('hits', 'build', 'contact_channels') }}
),

final as (

    select
        contact_channels.verdict_id,
        contact_channels.account_id,
        contact_channels.contact_id,
        contact_channels.channel,
        coalesce(hit.rules, '') as rules,
        coalesce(hit.reasons, '') as reasons,
        coalesce(hit.evidence, '') as evidence,
        coalesce(hit.verdict_rank, 0) as verdict_rank,
        cast(contact_channels.preference as integer) as preference,
        {{ text_number('contact_channels.account_id') }} as account_number,
        {{ text_number('contact_channels.contact_id') }} as contact_number
    from contact_channels
    left join hit
        on contact_channels.verdict_id = hit.verdict_id

)

select * from final
