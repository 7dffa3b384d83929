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

-- One row: an array of words per field is looked through faster than as many tables are joined.
placeholders as (

    select
        {% for field in texts %}
        array_agg({{ word_key('placeholder') }}) filter (where field in ('any', '{{ field }}'))
            as {{ field }}_words{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('placeholders') }}

),

final as (

    select
        cleaned.import_id,
        cleaned.row_number,
        cleaned.row_hash,
        {% for field in texts %}
        {# Placeholders are short; longer texts are not worth folding here. #}
        case
            when length(cleaned.{{ field }}) > 20 then cleaned.{{ field }}
            when {{ word_key('cleaned.' ~ field) }} = '' then null
            when array_contains(placeholders.{{ field }}_words, {{ word_key('cleaned.' ~ field) }})
                then null
            else cleaned.{{ field }}
        end as {{ field }},
        {% endfor %}
        {% for field in mapped_texts + others %}
        cleaned.{{ field }},
        {% endfor %}
        opted_out_rows.import_id is not null as opt_out
    from cleaned
    cross join placeholders
    left join opted_out_rows
        on
            cleaned.import_id = opted_out_rows.import_id
            and cleaned.row_number = opted_out_rows.row_number

)

select * from final
