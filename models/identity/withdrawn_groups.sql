-- One row per accepted record of a withdrawn import, and per record that remains and is linked to
-- one: the company that they would be, were nothing withdrawn. By the same keys and guards as
-- clusters, which is what the old ids stood for.
with accepted_rows as (

    select * from {{ ref('accepted_rows') }}
    -- Mostly nothing is withdrawn, and then there is nothing to look through.
    where (select coalesce(bool_or(every_row.is_withdrawn), false) from {{ ref('accepted_rows') }} as every_row)

),

withdrawn_keys as (

    select distinct
        match_keys.key_kind,
        match_keys.key_value
    from {{ ref('match_keys') }} as match_keys
    inner join accepted_rows
        on match_keys.landing_rank = accepted_rows.landing_rank
    where accepted_rows.is_withdrawn

),

row_keys as (

    select match_keys.*
    from {{ ref('match_keys') }} as match_keys
    inner join withdrawn_keys
        on
            match_keys.key_kind = withdrawn_keys.key_kind
            and match_keys.key_value = withdrawn_keys.key_value

),

-- Of no name when nothing is withdrawn: the names of everybody need not be read then.
variants as (

    select * from {{ ref('name_variants') }}
    where names_key in (select accepted_rows.names_key from accepted_rows)

),

used_names {{ computed_once() }} (

    {{ key_names('row_keys', 'accepted_rows', 'variants') | indent(4) }}

),

name_pairs {{ computed_once() }} (

    {{ key_name_pairs('used_names', 'variants') | indent(4) }}

),

common_keys {{ computed_once() }} (

    {{ shared_keys('row_keys', 'accepted_rows', 'used_names', 'name_pairs') | indent(4) }}

),

link_groups {{ computed_once() }} (

    {{ key_groups('row_keys', 'common_keys', 'accepted_rows', 'variants') | indent(4) }}

),

group_pairs {{ computed_once() }} (

    {{ key_pairs('link_groups', 'common_keys', 'name_pairs', 'accepted_rows') | indent(4) }}

),

linked as (

    {{ key_edges('link_groups', 'group_pairs') | indent(4) }}

),

links as (

    select distinct
        left_rank as left_node,
        right_rank as right_node
    from linked

),

components as (

    {{ connected_components('links') | indent(4) }}

),

final as (

    select
        accepted_rows.landing_rank,
        coalesce(components.component, accepted_rows.landing_rank) as group_rank,
        accepted_rows.import_id,
        accepted_rows.row_number,
        accepted_rows.row_account_id,
        accepted_rows.row_contact_id,
        accepted_rows.normalized_name,
        accepted_rows.contact_name,
        accepted_rows.is_withdrawn
    from accepted_rows
    left join components
        on accepted_rows.landing_rank = components.node
    where components.node is not null or accepted_rows.is_withdrawn

)

select * from final
