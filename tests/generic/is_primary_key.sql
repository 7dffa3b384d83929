{#
  The columns together identify a row: none of them is NULL and no combination occurs twice. With
  it, in the same pass: `filled` columns are never NULL, and each `accepted` column (column: values)
  holds one of its values, never NULL. One query, because each dbt test has a fixed cost and each
  test of a view of the gate computes the whole gate.
  scope: 'account' or 'import' where an incremental build changes only rows of accounts that it
  touches, or of new imports: then it tests only these. The others were tested by the build that
  made them.
#}
{% test is_primary_key(model, columns, filled=[], accepted={}, scope='all') %}
select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
{% if scope == 'account' %}
where {{ only_touched_accounts() }}
{% elif scope == 'import' %}
where {{ only_new_imports() }}
{% endif %}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {% for column in columns %}
    or {{ column }} is null
    {% endfor %}
    {% for column in filled %}
    or count({{ column }}) < count(*)
    {% endfor %}
    {% for column, values in accepted.items() %}
    or not bool_and(coalesce({{ column }} in ('{{ values | join("', '") }}'), false))
    {% endfor %}
{% endtest %}
