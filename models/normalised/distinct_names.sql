-- One row per distinct text that stands for a company name or a legal form.
select company_name from {{ ref('lead_row_fields') }} where company_name is not null
union
select company_name_ar as company_name
from {{ ref('lead_row_fields') }}
where company_name_ar is not null
union
-- A legal form column holds the same words.
select legal_form as company_name
from {{ ref('lead_row_fields') }}
where legal_form is not null
