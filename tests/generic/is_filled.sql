{# None of the columns is ever NULL: one query for all of them. #}
{% test is_filled(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
where
    {% for column in columns %}
    {{ column }} is null{{ ' or' if not loop.last }}
    {% endfor %}
{% endtest %}
