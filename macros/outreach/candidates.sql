{#
  verdicts: a relation, rows of live_verdicts.
  content: a relation, the rows of outreach_content for at least these.
  One row per account: the best of its rows, with everything a reader sees of it.
#}
{% macro candidates(verdicts, content) %}
with verdicts {{ computed_once() }} (

    select * from {{ verdicts }}

),

best as (

    select
        account_id,
        min_by(verdict_id, {{ verdict_rank('verdict') }} * 1000000000 + preference) as verdict_id
    from verdicts
    group by account_id

),

established as (

    select array_agg(customer) as customers
    from {{ ref('established_customers') }}

),

final as (

    select
        content.verdict_id,
        content.account_id,
        content.contact_id,
        content.company_name,
        content.contact_name,
        content.channel,
        content.email,
        content.phone_e164,
        content.priority,
        verdicts.verdict,
        verdicts.rule_ids,
        verdicts.reasons,
        content.source_names,
        content.customers,
        content.total_score,
        content.data_quality_score,
        {{ approval_required('content.customers') }} as approval_required
    from best
    inner join verdicts
        on best.verdict_id = verdicts.verdict_id
    inner join {{ content }} as content
        on best.verdict_id = content.verdict_id
    left join {{ ref('channel_policy') }} as channels
        on content.channel = channels.channel
    cross join established

)

select * from final
{% endmacro %}
