{#
  Edges from each record of a group to the group's smallest record: as connected as all the pairs,
  and far fewer. Arguments: relation of (landing_rank, key_kind, key_value), and the expression
  that names the group.
#}
{% macro star_edges(relation, link_group) %}
select
    left_rank,
    landing_rank as right_rank,
    key_kind,
    key_value
from (
    select
        landing_rank,
        key_kind,
        key_value,
        min(landing_rank) over (partition by {{ link_group }}) as left_rank
    from {{ relation }}
) as grouped
where left_rank < landing_rank
{% endmacro %}
