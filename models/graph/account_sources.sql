-- One row per record, account and field that the record knows: where each value of an account is
-- from and which one won.
{#- field: the order in which the records of an account are believed for it, as in accounts #}
{% set fields = {
    'company_name': 'evidence_rank',
    'company_name_ar': 'evidence_rank',
    'legal_form': 'evidence_rank',
    'domain': 'domain_rank',
    'website': 'evidence_rank',
    'phone_e164': 'evidence_rank',
    'email': 'email_rank',
    'place_id': 'evidence_rank',
    'city': 'evidence_rank',
    'region': 'evidence_rank',
    'country': 'evidence_rank',
    'sector': 'evidence_rank',
    'national_number': 'evidence_rank',
    'cr_number': 'evidence_rank',
    'vat_number': 'evidence_rank',
    'employee_count': 'evidence_rank',
} %}
with account_rows as (

    select * from {{ ref('account_rows') }}

),

field_values as (

    {% for field, order in fields.items() %}
    select
        account_id,
        import_id,
        row_number,
        '{{ field }}' as field,
        cast({{ field }} as {{ dbt.type_string() }}) as value,
        {{ order }} as field_rank,
        record_count
    from account_rows
    where {{ field }} is not null
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

final as (

    select
        account_id,
        import_id,
        row_number,
        field,
        value,
        true as is_winner
    from field_values
    where record_count = 1

    union all

    select
        account_id,
        import_id,
        row_number,
        field,
        value,
        field_rank = min(field_rank) over (partition by account_id, field) as is_winner
    from field_values
    where record_count > 1

)

select * from final
