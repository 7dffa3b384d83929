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

subjects as (

    select * from {{ ref('gate_subjects') }}

),

final as (

    select
        'person_of_account_opted_out' as rule_id,
        colleagues.account_id,
        colleagues.contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        case
            when subjects.contact_kind = 'person' then 'another person of the company opted out'
            else 'a contact point of the company itself opted out'
        end as evidence,
        min(opted_out.source_ref) as source_ref
    from opted_out
    inner join subjects
        on opted_out.contact_id = subjects.contact_id
    inner join subjects as colleagues
        on subjects.account_id = colleagues.account_id
    where
        colleagues.contact_id <> subjects.contact_id
        and not exists (
            select 1
            from opted_out as themselves
            where themselves.contact_id = colleagues.contact_id
        )
        and (
            subjects.contact_kind is distinct from 'person'
            or colleagues.contact_kind is distinct from 'company'
        )
    group by colleagues.account_id, colleagues.contact_id, subjects.contact_kind

)

select * from final
