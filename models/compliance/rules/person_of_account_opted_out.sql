-- One row per contact of whose company another contact opted out: a person reaches the other
-- persons, a company contact everybody.
with opted_out as (

    select
        contact_id,
        source_ref
    from {{ ref('build_rule_hits') }}
    where rule_id = 'contact_opted_out'

    union all

    {% for rule_id in [
        'suppressed_contact', 'opted_out_in_unbuilt_import', 'opted_out_in_reply',
        'consent_withdrawn',
    ] %}
    select
        contact_id,
        source_ref
    from {{ ref(rule_id) }}
    {% if rule_id == 'suppressed_contact' %}
    where customer is null
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (
    {{ person_of_account_opted_out('opted_out', ref('gate_subjects')) }}
)

select * from final
