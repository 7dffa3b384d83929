{#
  asked: a CTE, the contacts and channels that are asked about: account_id and contact_id as numbers
  (text_number), channel.
  The hits now of the rules that are evaluated at read, of at least these; account_id and contact_id are
  numbers. Rules that compare whole tables of the graph are macros that their own files call as well:
  by numbers they take a tenth of the time.
#}
{% macro read_hits_of(asked) %}
{%- set by_number = {
    'suppressed_contact': 'hits_of_suppressed_contact',
    'suppressed_account': 'hits_of_suppressed_account',
    'unmatchable_identifier': 'hits_of_unmatchable_identifier',
    'person_of_account_opted_out': 'hits_of_person_of_account_opted_out',
} %}
{#- No CTE: one that is read several times is kept in memory, and columns of a table need not be. #}
{%- set contact_identifiers %}
(
    select
        account_number as account_id,
        contact_number as contact_id,
        kind,
        value_kind,
        hash_number as hash,
        domain_number as domain_hash,
        key_id
    from {{ ref('contact_identifiers') }}
)
{%- endset %}
{%- set account_identifiers %}
(
    select
        account_number as account_id,
        kind,
        value,
        hash_number as hash
    from {{ ref('account_identifiers') }}
)
{%- endset %}
{%- set subjects %}
(
    select
        account_number as account_id,
        contact_number as contact_id,
        contact_kind
    from {{ ref('gate_subjects') }}
)
{%- endset %}
{#- These find few by themselves; they count, and so do the colleagues of whom they find. #}
{%- set looked_at_twice = ['opted_out_in_unbuilt_import', 'opted_out_in_reply', 'consent_withdrawn'] %}
with suppressions {{ computed_once() }} (

    select
        event_id,
        kind,
        {{ text_number('subject_hash') }} as subject_hash,
        {{ text_number('host_hash') }} as host_hash,
        {{ text_number('site_hash') }} as site_hash,
        subject_id,
        scope,
        customer,
        masked_display,
        reason,
        key_id,
        actor,
        occurred_at
    from {{ ref('suppressions_in_force') }}

),

account_ids as (
    {{ ids_of_accounts(number=true) }}
),

hits_of_suppressed_contact {{ computed_once() }} (
    {{ suppressed_contact('suppressions', contact_identifiers) }}
),

hits_of_suppressed_account as (
    {{ suppressed_account('suppressions', account_identifiers, contact_identifiers, 'account_ids') }}
),

hits_of_unmatchable_identifier as (
    {{ unmatchable_identifier('suppressions', contact_identifiers, asked) }}
),

{% for rule_id in rule_ids('read') if rule_id not in by_number %}
hits_of_{{ rule_id }} {{ computed_once() if rule_id in looked_at_twice else 'as' }} (

    select
        rule_id,
        {{ text_number('account_id') }} as account_id,
        {{ text_number('contact_id') }} as contact_id,
        channel,
        evidence,
        source_ref
    from {{ ref(rule_id) }}

),
{%- do by_number.update({rule_id: 'hits_of_' ~ rule_id}) %}

{% endfor %}
opted_out {{ computed_once() }} (

    select
        {{ text_number('contact_id') }} as contact_id,
        source_ref
    from {{ ref('build_rule_hits') }}
    where rule_id = 'contact_opted_out'

    union all

    select
        contact_id,
        source_ref
    from hits_of_suppressed_contact
    where customer is null

    {% for rule_id in looked_at_twice %}
    union all

    select
        contact_id,
        source_ref
    from hits_of_{{ rule_id }}

    {% endfor %}
),

hits_of_person_of_account_opted_out as (
    {{ person_of_account_opted_out('opted_out', subjects) }}
),

final as (
    {{ union_of_rules('read', instead=by_number) }}
)

select * from final
{% endmacro %}
