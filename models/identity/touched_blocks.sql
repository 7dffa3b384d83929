-- One row per block of names in which an incremental build finds other names than before: those of the
-- accounts that it makes anew, as they were and as they are. Empty after a full build.
{% if is_incremental_build() %}
{%- set built_before = adapter.get_relation(this.database, 'identity', 'name_blocks') %}
with names as (

    select * from {{ ref('account_names') }}
    where {{ only_touched_accounts() }}

),

blocks_now as (

    {{ name_blocks('names', ref('name_variants')) | indent(4) }}

),

final as (

    select block
    from blocks_now

    union

    -- This runs before name_blocks is brought up to date.
    select block
    from {{ built_before }}
    where {{ only_touched_accounts() }}

)

select * from final
{% else %}
-- depends_on: {{ ref('account_names') }} {{ ref('name_variants') }} {{ ref('touched_accounts') }}
select cast(null as {{ dbt.type_string() }}) as block
where false
{% endif %}
