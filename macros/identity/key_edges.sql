{#
  Edges by keys: within each group a star to its earliest record (as connected as all the pairs, and
  far fewer), and between groups the pairs that no guard holds back. Arguments: relations of
  key_groups and key_pairs.
#}
{% macro key_edges(key_groups, key_pairs) %}
select
    left_rank,
    landing_rank as right_rank,
    key_kind,
    key_value,
    1.0 as likeness
from (
    select
        landing_rank,
        key_kind,
        key_value,
        min(landing_rank) over (partition by link_group) as left_rank
    from {{ key_groups }}
) as grouped
where left_rank < landing_rank

union all

select
    left_rank,
    right_rank,
    key_kind,
    key_value,
    likeness
from {{ key_pairs }}
where guard is null
{% endmacro %}
