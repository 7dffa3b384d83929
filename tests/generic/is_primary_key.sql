{#
  The columns together identify a row: none of them is NULL and no combination occurs twice.
  One query instead of one test per column, because each dbt test has a fixed cost.
#}
{% test is_primary_key(model, columns) %}
select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {% for column in columns %}
    or {{ column }} is null
    {% endfor %}
{% endtest %}
