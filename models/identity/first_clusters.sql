-- One row per linked record: the cluster it would be in if no person had said "never merge".
with links as (

    select distinct
        left_rank as left_node,
        right_rank as right_node
    from {{ ref('edges') }}

),

components as (

    {{ connected_components('links') | indent(4) }}

)

select
    node as landing_rank,
    component as cluster_rank
from components
