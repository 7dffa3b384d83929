{#
  hits: a relation or CTE with rule_id, account_id, contact_id (NULL: every contact of the account),
  channel (NULL: every channel) and evidence, of the rules that are evaluated then.
  evaluated: 'build' or 'read'.
  contact_channels: the contacts and channels that are asked about, with verdict_id.
  One row per verdict_id that is hit at all: verdict_rank, and its rules in three texts, in the
  order of rule_ids(): rules (ids), reasons (titles with ids), evidence (ids with evidence).
  One column per rule instead of an ordered text aggregate: a quarter of the time at half a
  million rows.
#}
{% macro subject_verdicts(hits, evaluated, contact_channels) %}
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

reached as (
    {{ hits_of_subjects(hits, contact_channels) }}
),

by_rule as (

    select
        verdict_id,
        {% for rule_id in rule_ids(evaluated) %}
        max(case when rule_id = '{{ rule_id }}' then coalesce(evidence, 'not recorded') end)
            as {{ rule_id }},
        {% endfor %}
        max(verdict_rank) as verdict_rank
    from reached
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
