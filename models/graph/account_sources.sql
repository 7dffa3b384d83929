-- One row per record, account and field that the record knows: where each value of an account is
-- from and which one won. Asked about one account it reads only that one's records.
{{ config(materialized='view') }}
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

bests as (

    select
        account_id,
        field,
        min(field_rank) as best_rank
    from field_values
    where record_count > 1
    group by account_id, field

),

-- How many the winner shares each step of its rank with (account_rows says how that number is made).
judged as (

    select
        field_values.account_id,
        field_values.field,
        bests.best_rank,
        count(*) as value_count,
        {% for step, size in {
            'kind': 2000000000000000000, 'trust': 10000000000000000, 'day': 10000000000
        }.items() %}
        count(*) filter (
            where
            field_values.field_rank - field_values.field_rank % {{ size }}
            = bests.best_rank - bests.best_rank % {{ size }}
        ) as {{ step }}_count{{ ',' if not loop.last }}
        {% endfor %}
    from field_values
    inner join bests
        on
            field_values.account_id = bests.account_id
            and field_values.field = bests.field
    where field_values.record_count > 1
    group by field_values.account_id, field_values.field, bests.best_rank

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
        field_values.account_id,
        field_values.import_id,
        field_values.row_number,
        field_values.field,
        field_values.value,
        case
            when field_values.field_rank <> judged.best_rank then null
            when judged.value_count = 1 then 'only_record_that_knows_it'
            when judged.kind_count = 1 and field_values.field = 'email'
                then 'mailbox_names_the_company_better'
            when judged.kind_count = 1 and field_values.field = 'domain' then 'website_before_mailbox'
            when judged.trust_count = 1 then 'most_trusted_source_type'
            when judged.day_count = 1 then 'newest_data_of_the_most_trusted'
            else 'landed_first_of_equals'
        end as win_reason,
        field_values.field_rank = judged.best_rank as is_winner
    from field_values
    inner join judged
        on
            field_values.account_id = judged.account_id
            and field_values.field = judged.field
    where field_values.record_count > 1

)

select * from final
