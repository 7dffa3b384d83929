-- One row per landed record: its single-valued fields as clean text, placeholders such as `n/a` or `Unnamed` gone.
{% set texts = [
    'company_name', 'company_name_ar', 'brand', 'contact_name', 'contact_role', 'place_id', 'city', 'region', 'country',
    'address', 'sector', 'subsector', 'legal_form', 'source_url',
] %}
{% set others = [
    'national_number', 'cr_number', 'vat_number', 'latitude', 'longitude', 'employee_count', 'last_updated',
] %}
with lead_rows as (

    select * from {{ ref('stg_lead_rows') }}

),

placeholders as (

    {% for text in texts %}
    select
        '{{ text }}' as field,
        {{ word_key('placeholder') }} as word
    from {{ ref('placeholders') }}
    where field in ('any', '{{ text }}')
    {% if not loop.last %}
    union
    {% endif %}
    {% endfor %}

),

cleaned as (

    select
        import_id,
        row_number,
        row_hash,
        {% for field in texts + others %}
        {{ clean_text(field) }} as {{ field }},
        {% endfor %}
        {{ is_opt_out('opt_out') }} as opt_out
    from lead_rows

),

-- Placeholders are short; longer texts are not worth folding here.
keyed as (

    select
        *,
        {% for field in texts %}
        case when length({{ field }}) <= 30 then {{ word_key(field) }} end as {{ field }}_words{{ ',' if not loop.last }}
        {% endfor %}
    from cleaned

),

final as (

    select
        keyed.import_id,
        keyed.row_number,
        keyed.row_hash,
        {% for field in texts %}
        case
            when keyed.{{ field }}_words = '' or {{ field }}_placeholders.word is not null then null
            else keyed.{{ field }}
        end as {{ field }},
        {% endfor %}
        {% for field in others %}
        keyed.{{ field }},
        {% endfor %}
        keyed.opt_out
    from keyed
    {% for field in texts %}
    left join placeholders as {{ field }}_placeholders
        on
            keyed.{{ field }}_words = {{ field }}_placeholders.word
            and {{ field }}_placeholders.field = '{{ field }}'
    {% endfor %}

)

select * from final
