-- One row per record, account and field that the record knows: where each value of an account is from and which one won.
{% set fields = [
    'company_name', 'company_name_ar', 'legal_form', 'domain', 'website', 'phone_e164', 'email', 'place_id', 'city', 'region',
    'country', 'address', 'sector', 'national_number', 'cr_number', 'vat_number', 'employee_count',
] %}
with account_rows as (

    select * from {{ ref('account_rows') }}

),

accounts as (

    select * from {{ ref('accounts') }}

),

field_values as (

    {% for field in fields %}
    select
        account_id,
        import_id,
        row_number,
        '{{ field }}' as field,
        cast({{ field }} as {{ dbt.type_string() }}) as value,
        evidence_rank
    from account_rows
    where {{ field }} is not null
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

account_values as (

    {% for field in fields %}
    {% set column = {'place_id': 'google_place_id', 'address': none}.get(field, field) %}
    {% if column %}
    select
        account_id,
        '{{ field }}' as field,
        cast({{ column }} as {{ dbt.type_string() }}) as value
    from accounts
    where {{ column }} is not null
    {% if not loop.last %}
    union all
    {% endif %}
    {% endif %}
    {% endfor %}

),

winners as (

    select
        field_values.account_id,
        field_values.field,
        min(field_values.evidence_rank) as evidence_rank
    from field_values
    inner join account_values
        on
            field_values.account_id = account_values.account_id
            and field_values.field = account_values.field
            and field_values.value = account_values.value
    group by field_values.account_id, field_values.field

),

final as (

    select
        field_values.account_id,
        field_values.import_id,
        field_values.row_number,
        field_values.field,
        field_values.value,
        winners.account_id is not null as is_winner
    from field_values
    left join winners
        on
            field_values.account_id = winners.account_id
            and field_values.field = winners.field
            and field_values.evidence_rank = winners.evidence_rank

)

select * from final
