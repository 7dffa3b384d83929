{#
  asked: a CTE, the rows of build_verdicts that are asked about.
  The hits now of the rules that are evaluated at read, of at least these. A rule that compares whole
  tables of the graph is a macro that its own file calls as well: asked about few it takes little.
#}
{% macro read_hits_of(asked) %}
{%- set asked_about_few = {
    'suppressed_contact': 'asked_suppressed_contact',
    'suppressed_account': 'asked_suppressed_account',
    'unmatchable_identifier': 'asked_unmatchable_identifier',
    'person_of_account_opted_out': 'asked_person_of_account_opted_out',
} %}
{#- These find few by themselves; they count, and so do the colleagues of whom they find. #}
{%- set looked_at_twice = ['opted_out_in_unbuilt_import', 'opted_out_in_reply', 'consent_withdrawn'] %}
{%- for rule_id in looked_at_twice %}
{%- do asked_about_few.update({rule_id: 'asked_' ~ rule_id}) %}
{%- endfor %}
with asked_accounts {{ computed_once() }} (

    select distinct account_id
    from {{ asked }}

),

asked_identifiers {{ computed_once() }} (

    select
        identifiers.account_id,
        identifiers.contact_id,
        identifiers.kind,
        identifiers.value_kind,
        identifiers.hash,
        identifiers.domain_hash,
        identifiers.key_id
    from {{ ref('contact_identifiers') }} as identifiers
    inner join asked_accounts
        on identifiers.account_id = asked_accounts.account_id

),

asked_account_identifiers {{ computed_once() }} (

    select
        identifiers.account_id,
        identifiers.kind,
        identifiers.value,
        identifiers.hash
    from {{ ref('account_identifiers') }} as identifiers
    inner join asked_accounts
        on identifiers.account_id = asked_accounts.account_id

),

asked_subjects as (

    select
        subjects.account_id,
        subjects.contact_id,
        subjects.contact_kind
    from {{ ref('gate_subjects') }} as subjects
    inner join asked_accounts
        on subjects.account_id = asked_accounts.account_id

),

every_suppression {{ computed_once() }} (

    select * from {{ ref('suppressions_in_force') }}

),

asked_suppressed_contact {{ computed_once() }} (
    {{ suppressed_contact('every_suppression', 'asked_identifiers') }}
),

asked_suppressed_account as (
    {{ suppressed_account('every_suppression', 'asked_account_identifiers', 'asked_identifiers') }}
),

asked_unmatchable_identifier as (
    {{ unmatchable_identifier('every_suppression', 'asked_identifiers', asked) }}
),

{% for rule_id in looked_at_twice %}
asked_{{ rule_id }} {{ computed_once() }} (

    select * from {{ ref(rule_id) }}

),

{% endfor %}
asked_opted_out {{ computed_once() }} (

    select
        hits.contact_id,
        hits.source_ref
    from {{ ref('build_rule_hits') }} as hits
    inner join asked_accounts
        on
            hits.account_id = asked_accounts.account_id
            and hits.rule_id = 'contact_opted_out'

    union all

    select
        contact_id,
        source_ref
    from asked_suppressed_contact
    where customer is null

    {% for rule_id in looked_at_twice %}
    union all

    select
        contact_id,
        source_ref
    from asked_{{ rule_id }}

    {% endfor %}
),

asked_person_of_account_opted_out as (
    {{ person_of_account_opted_out('asked_opted_out', 'asked_subjects') }}
),

final as (
    {{ union_of_rules('read', instead=asked_about_few) }}
)

select * from final
{% endmacro %}
