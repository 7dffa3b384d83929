{#
  hits: a relation or CTE with rule_id, account_id, contact_id (NULL: every contact of the account),
  channel (NULL: every channel) and evidence, of the rules that are evaluated then.
  evaluated: 'build' or 'read'.
  One row per verdict_id that is hit at all: verdict_rank, and its rules in three texts, in the
  order of rule_ids(): rules (ids), reasons (titles with ids), evidence (ids with evidence).
  A hit of a rule that the seed does not know blocks.
  One column per rule instead of an ordered text aggregate: a quarter of the time at half a
  million rows.
#}
{% macro subject_verdicts(hits, evaluated) %}
with rules as (

    select * from {{ ref('applicable_rules') }}

),

titles as (

    select
        {% for rule_id in rule_ids(evaluated) %}
        max(title_en) filter (where rule_id = '{{ rule_id }}')
            as {{ rule_id }}{{ ',' if not loop.last }}
        {% endfor %}
    from rules

),

effective_hits as (

    select
        hits.rule_id,
        hits.account_id,
        hits.contact_id,
        hits.channel,
        hits.evidence,
        coalesce(rules.verdict_rank, 2) as verdict_rank
    from {{ hits }} as hits
    left join rules
        on hits.rule_id = rules.rule_id
    where coalesce(rules.effective_from <= {{ now_utc() }}, true)

),

hits_of_subjects as (

    select
        contact_channels.verdict_id,
        effective_hits.rule_id,
        effective_hits.evidence,
        effective_hits.verdict_rank
    from effective_hits
    inner join {{ ref('contact_channels') }} as contact_channels
        on effective_hits.contact_id = contact_channels.contact_id
    where coalesce(effective_hits.channel, contact_channels.channel) = contact_channels.channel

    union all

    select
        contact_channels.verdict_id,
        effective_hits.rule_id,
        effective_hits.evidence,
        effective_hits.verdict_rank
    from effective_hits
    inner join {{ ref('contact_channels') }} as contact_channels
        on effective_hits.account_id = contact_channels.account_id
    where
        effective_hits.contact_id is null
        and coalesce(effective_hits.channel, contact_channels.channel) = contact_channels.channel

),

by_rule as (

    select
        verdict_id,
        {% for rule_id in rule_ids(evaluated) %}
        max(case when rule_id = '{{ rule_id }}' then coalesce(evidence, 'not recorded') end)
            as {{ rule_id }},
        {% endfor %}
        max(verdict_rank) as verdict_rank
    from hits_of_subjects
    group by verdict_id

)

select
    by_rule.verdict_id,
    concat_ws(
        ', ',
        {% for rule_id in rule_ids(evaluated) %}
        case when by_rule.{{ rule_id }} is not null then '{{ rule_id }}' end
        {{- ',' if not loop.last }}
        {% endfor %}
    ) as rules,
    concat_ws(
        '; ',
        {% for rule_id in rule_ids(evaluated) %}
        case
            when by_rule.{{ rule_id }} is not null
                then coalesce(titles.{{ rule_id }}, '') || ' [{{ rule_id }}]'
        end
        {{- ',' if not loop.last }}
        {% endfor %}
    ) as reasons,
    concat_ws(
        '; ',
        {% for rule_id in rule_ids(evaluated) %}
        '{{ rule_id }}: ' || by_rule.{{ rule_id }}{{ ',' if not loop.last }}
        {% endfor %}
    ) as evidence,
    by_rule.verdict_rank
from by_rule
cross join titles
{% endmacro %}
