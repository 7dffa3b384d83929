{#
  opted_out: a relation or CTE with contact_id and source_ref of the contacts that opted out.
  subjects: a relation or CTE, the gate's subjects.
  The rule person_of_account_opted_out, for its file and for read_hits_of.
#}
{% macro person_of_account_opted_out(opted_out, subjects) %}
with final as (

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
    from {{ opted_out }} as opted_out
    inner join {{ subjects }} as subjects
        on opted_out.contact_id = subjects.contact_id
    inner join {{ subjects }} as colleagues
        on subjects.account_id = colleagues.account_id
    where
        -- Nor themselves.
        colleagues.contact_id not in (
            select themselves.contact_id
            from {{ opted_out }} as themselves
            where themselves.contact_id is not null
        )
        and (
            subjects.contact_kind is distinct from 'person'
            or colleagues.contact_kind is distinct from 'company'
        )
    group by colleagues.account_id, colleagues.contact_id, subjects.contact_kind

)

select * from final
{% endmacro %}
