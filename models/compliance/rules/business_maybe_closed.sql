-- One row per account of which a place was closed when it was last looked up, or whose own site says
-- that it has closed.
with looks as (
    {{ last_looks() }}
),

closed_places as (

    select
        identifiers.account_id,
        'a place of it was closed when it was last looked up' as evidence,
        looks.last_result_id as source_ref
    from {{ ref('account_identifiers') }} as identifiers
    inner join looks
        on identifiers.value = looks.place_id
    where
        identifiers.kind = 'place_id'
        and looks.last_status in ('closed_permanently', 'closed_temporarily')

),

closed_sites as (

    select
        account_id,
        'its site says: ' || signal_value as evidence,
        source_url as source_ref
    from {{ ref('site_signals') }}
    where signal_type = 'closed'

),

every_sign as (

    select * from closed_places
    union all
    select * from closed_sites

),

final as (

    select
        'business_maybe_closed' as rule_id,
        account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        min(evidence) as evidence,
        min(source_ref) as source_ref
    from every_sign
    group by account_id

)

select * from final
