{#
  best: a relation or CTE, one row per account: outreach_content of its best contact and channel, with
  verdict, rule_ids and reasons.
  The same with everything else that a reader sees of it.
#}
{% macro candidates(best) %}
with established as (

    select array_agg(customer) as customers
    from {{ ref('established_customers') }}

)

select
    best.verdict_id,
    best.account_id,
    best.contact_id,
    best.company_name,
    best.contact_name,
    best.channel,
    best.email,
    best.phone_e164,
    best.priority,
    best.verdict,
    best.rule_ids,
    best.reasons,
    best.source_names,
    best.customers,
    best.total_score,
    best.data_quality_score,
    {{ approval_required('best.customers') }} as approval_required
from {{ best }} as best
left join {{ ref('channel_policy') }} as channels
    on best.channel = channels.channel
cross join established
{% endmacro %}
