-- One row per record, account and field that the record knows: where each value of an account is
-- from and which one won.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
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
    where {{ only_touched_accounts() }}

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
        {% if order == 'email_rank' %}
        case email_kind when 'role' then 0 when 'named' then 1 else 2 end as kind_rank,
        {% elif order == 'domain_rank' %}
        case when is_domain_of_website then 0 else 1 end as kind_rank,
        {% else %}
        0 as kind_rank,
        {% endif %}
        trust_rank,
        as_of_on,
        record_count
    from account_rows
    where {{ field }} is not null
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

judged as (

    select
        *,
        field_rank = min(field_rank) over (partition by account_id, field) as is_winner,
        count(*) over (partition by account_id, field) as value_count,
        count(*) over (partition by account_id, field, kind_rank) as kind_count,
        count(*) over (partition by account_id, field, kind_rank, trust_rank) as trust_count,
        count(*) over (partition by account_id, field, kind_rank, trust_rank, as_of_on) as day_count
    from field_values
    where record_count > 1

),

-- The first difference that decided, in the order in which records are believed.
final as (

    select
        account_id,
        import_id,
        row_number,
        field,
        value,
        'only_record' as win_reason,
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
        case
            when not is_winner then null
            when value_count = 1 then 'only_record_that_knows_it'
            when kind_count = 1 and field = 'email' then 'mailbox_names_the_company_better'
            when kind_count = 1 and field = 'domain' then 'website_before_mailbox'
            when trust_count = 1 then 'most_trusted_source_type'
            when day_count = 1 then 'newest_data_of_the_most_trusted'
            else 'landed_first_of_equals'
        end as win_reason,
        is_winner
    from judged

)

select * from final
