{#
  relation: rows of records, several per record, which the column `number` puts in order.
  condition: which of them count. columns: what is wanted of them.
  One row per record that has any: the columns of its first row that counts. In most records that is
  the row with the first number of the whole import, and nothing has to be compared; only the rest is
  grouped, since the groups of millions of texts do not fit into a build's memory.
#}
{% macro first_of_records(relation, number, condition, columns) -%}
    with counted as (

        select
            import_id,
            row_number,
            {{ number }},
            {{ columns | join(', ') }}
        from {{ relation }}
        where {{ condition }} and {{ only_new_imports() }}

    ),

    first_numbers as (

        select
            import_id,
            min({{ number }}) as {{ number }}
        from counted
        group by import_id

    ),

    first_rows as (

        select counted.*
        from counted
        inner join first_numbers
            on
                counted.import_id = first_numbers.import_id
                and counted.{{ number }} = first_numbers.{{ number }}

    ),

    later_rows as (

        select counted.*
        from counted
        inner join first_numbers
            on
                counted.import_id = first_numbers.import_id
                and counted.{{ number }} > first_numbers.{{ number }}
        left join first_rows
            on
                counted.import_id = first_rows.import_id
                and counted.row_number = first_rows.row_number
        where first_rows.import_id is null

    )

    select
        import_id,
        row_number,
        {{ columns | join(', ') }}
    from first_rows

    union all

    select
        import_id,
        row_number,
        {%- for column in columns %}
        min_by({{ column }}, {{ number }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from later_rows
    group by import_id, row_number
{%- endmacro %}
