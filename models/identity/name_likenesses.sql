-- One row per pair of names that accounts were compared by since the last full build: how alike they
-- are. Names do not change, so that an incremental build judges only the pairs that are new to it.
{{ config(materialized='incremental', incremental_strategy='append') }}
with name_pairs {{ computed_once() }} (

    select distinct
        compared.left_names,
        compared.right_names
    from {{ ref('compared_names') }} as compared
    {% if is_incremental_build() %}
    where not exists (
        select 1
        from {{ this }} as built
        where built.left_names = compared.left_names and built.right_names = compared.right_names
    )
    {% endif %}

),

final as (

    {{ name_likeness('name_pairs', ref('name_variants')) | indent(4) }}

)

select * from final
