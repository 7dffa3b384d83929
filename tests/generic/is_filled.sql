{# None of the columns is ever NULL: one query for all of them. scope: as of is_primary_key. #}
{% test is_filled(model, columns, scope='all') %}
select {{ columns | join(', ') }}
from {{ model }}
where
    {{ in_tested_scope(scope) }}
    and (
        {% for column in columns %}
        {{ column }} is null{{ ' or' if not loop.last }}
        {% endfor %}
    )
{% endtest %}
