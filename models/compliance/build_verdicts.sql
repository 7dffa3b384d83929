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

judged as (
    {{ subject_verdicts(
        'hits', 'build', 'contact_channels',
        columns=['verdict_id', 'account_id', 'contact_id', 'channel', 'preference'], every=true
    ) }}
),

final as (

    select
        verdict_id,
        account_id,
        contact_id,
        channel,
        rules,
        reasons,
        evidence,
        verdict_rank,
        cast(preference as integer) as preference,
        {{ text_number('account_id') }} as account_number,
        {{ text_number('contact_id') }} as contact_number
    from judged

)

select * from final
