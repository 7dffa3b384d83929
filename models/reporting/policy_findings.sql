-- One row per violation at this moment of a rule that judges no contact: what is refused, left out
-- or waits for somebody.
with findings as (

    {% for rule_id in rule_ids('finding') %}
    select
        rule_id,
        subject,
        evidence,
        source_ref
    from {{ ref(rule_id) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

rules as (

    select * from {{ ref('applicable_rules') }}

),

final as (

    select
        findings.rule_id,
        findings.subject,
        rules.title_en as title,
        rules.title_ar,
        rules.verdict,
        rules.source,
        rules.source_article,
        findings.evidence,
        findings.source_ref
    from findings
    left join rules
        on findings.rule_id = rules.rule_id
    where coalesce(rules.effective_from <= {{ now_utc() }}, true)

)

select * from final
