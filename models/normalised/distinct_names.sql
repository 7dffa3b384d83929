-- One row per distinct text that stands for a company name or a legal form.
{{ config(materialized='incremental', incremental_strategy='append') }}
with final as (

    select company_name from {{ ref('lead_row_fields') }}
    where company_name is not null and {{ only_new_imports() }}
    union
    select company_name_ar from {{ ref('lead_row_fields') }}
    where company_name_ar is not null and {{ only_new_imports() }}
    union
    -- A legal form column holds the same words.
    select legal_form from {{ ref('lead_row_fields') }}
    where legal_form is not null and {{ only_new_imports() }}
    {% if is_incremental_build() %}
    except
    select company_name from {{ this }}
    {% endif %}

)

select * from final
