{#
  The columns together identify a row: none of them is NULL and no combination occurs twice. With
  it, in the same pass: `filled` columns are never NULL, and each `accepted` column (column: values)
  holds one of its values, never NULL. One query, because each dbt test has a fixed cost and each
  test of a view of the gate computes the whole gate. A row that comes back says what is wrong.
  scope: what an incremental build tests, macros/incremental/in_tested_scope.sql.
#}
{% test is_primary_key(model, columns, filled=[], accepted={}, scope='all') %}
{% call unless_left_to_full_builds(scope) %}
select
    {{ columns | join(', ') }},
    concat_ws(
        ', ',
        case when count(*) > 1 then 'stands there more than once' end
        {%- for column in columns %},
        case when {{ column }} is null then '{{ column }} is empty' end
        {%- endfor %}
        {%- for column in filled %},
        case when count({{ column }}) < count(*) then '{{ column }} is empty' end
        {%- endfor %}
        {%- for column, values in accepted.items() %},
        case
            when not bool_and(coalesce({{ column }} in ('{{ values | join("', '") }}'), false))
                then '{{ column }} is none of {{ values | join(", ") }}'
        end
        {%- endfor %}
    ) as problem
from {{ model }} as tested
where {{ in_tested_scope(scope, 'tested') }}
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
{% endcall %}
{% endtest %}
