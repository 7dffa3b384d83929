{#
  None of the columns is ever NULL, and each `accepted` column (column: values) holds one of its values:
  one query for all of them. scope: as of is_primary_key.
#}
{% test is_filled(model, columns=[], accepted={}, scope='all') %}
{% call unless_left_to_full_builds(scope) %}
select {{ (columns + accepted.keys() | list) | join(', ') }}
from {{ model }} as tested
where
    {{ in_tested_scope(scope, 'tested') }}
    and (
        false
        {% for column in columns %}
        or {{ column }} is null
        {% endfor %}
        {% for column, values in accepted.items() %}
        or not coalesce({{ column }} in ('{{ values | join("', '") }}'), false)
        {% endfor %}
    )
{% endcall %}
{% endtest %}
