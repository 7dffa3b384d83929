-- One row per landed record: its single-valued fields as clean text, placeholders such as `n/a` or
-- `Unnamed` gone.
{{ config(materialized='incremental', incremental_strategy='append') }}
{% set texts = [
    'company_name', 'company_name_ar', 'brand', 'contact_name', 'contact_first_name',
    'contact_last_name', 'contact_role', 'place_id', 'address', 'opening_hours', 'source_url',
] %}
{#- Their placeholders are told in mapped_values, among the few distinct texts. #}
{% set mapped_texts = ['city', 'region', 'country', 'sector', 'subsector', 'legal_form'] %}
{% set others = [
    'national_number', 'cr_number', 'vat_number', 'latitude', 'longitude', 'employee_count',
    'last_updated',
] %}
with cleaned as (

    select
        import_id,
        row_number,
        row_hash,
        is_empty,
        {% for field in texts + mapped_texts + others %}
        {{ clean_text(field) }} as {{ field }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('stg_lead_rows') }}
    where {{ only_new_imports() }}

),

opted_out_rows as (

    select * from {{ ref('opted_out_rows') }}
    where {{ only_new_imports() }}

),

-- Placeholders are short; longer texts are not worth folding.
short_texts as (

    {% for field in texts %}
    select
        '{{ field }}' as field,
        {{ field }} as value
    from cleaned
    where length({{ field }}) <= 20
    group by {{ field }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

placeholders as (

    select
        field,
        {{ word_key('placeholder') }} as words
    from {{ ref('placeholders') }}

),

-- One row: an array of texts per field is looked through faster than as many tables are joined.
empty_texts as (

    select
        {% for field in texts %}
        coalesce(array_agg(value) filter (where field = '{{ field }}'), [])
            as {{ field }}_values{{ ',' if not loop.last }}
        {% endfor %}
    from (
        select
            field,
            value,
            {{ word_key('value') }} as words
        from short_texts
    ) as worded
    where
        words = ''
        or {{ is_spreadsheet_error('value') }}
        or exists (
            select 1 from placeholders
            where
                placeholders.words = worded.words
                and placeholders.field in ('any', worded.field)
        )

),

final as (

    select
        cleaned.import_id,
        cleaned.row_number,
        cleaned.row_hash,
        {% for field in texts %}
        case
            when not array_contains(empty_texts.{{ field }}_values, cleaned.{{ field }})
                then cleaned.{{ field }}
        end as {{ field }},
        {% endfor %}
        {% for field in mapped_texts + others %}
        cleaned.{{ field }},
        {% endfor %}
        cleaned.is_empty,
        opted_out_rows.import_id is not null as opt_out
    from cleaned
    cross join empty_texts
    left join opted_out_rows
        on
            cleaned.import_id = opted_out_rows.import_id
            and cleaned.row_number = opted_out_rows.row_number

)

select * from final
