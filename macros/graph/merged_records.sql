{#
  records: a relation or CTE of records with record_count, the number of records of their account.
  keys: the columns that name what the records are merged into; groups: those to group by, if more.
  columns: column -> (what it is for one record, what it is for several).
  Most accounts are one record: nothing to weigh there, and nothing to group.
#}
{% macro merged_records(records, keys, columns, groups=none) %}
select
    {{ keys | join(', ') }},
    {% for column, (one, several) in columns.items() %}
    {{ one }} as {{ column }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ records }}
where record_count = 1

union all

select
    {{ keys | join(', ') }},
    {% for column, (one, several) in columns.items() %}
    {{ several }} as {{ column }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ records }}
where record_count > 1
group by {{ (groups or keys) | join(', ') }}
{% endmacro %}
