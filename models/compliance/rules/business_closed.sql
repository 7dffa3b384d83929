-- One row per account whose every place was closed for good when it was last looked up.
with looks as (
    {{ last_looks() }}
),

places as (

    select
        identifiers.account_id,
        bool_and(coalesce(looks.last_status = 'closed_permanently', false)) as is_closed,
        min(looks.last_result_id) as source_ref
    from {{ ref('account_identifiers') }} as identifiers
    left join looks
        on identifiers.value = looks.place_id
    where identifiers.kind = 'place_id'
    group by identifiers.account_id

),

final as (

    select
        'business_closed' as rule_id,
        account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'closed for good when its place was last looked up' as evidence,
        source_ref
    from places
    where is_closed

)

select * from final
