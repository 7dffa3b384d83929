-- One row per import: what its file holds, as `dealix audit` tells it before the file is bought.
with imports as (

    select * from {{ ref('stg_lead_imports') }}

),

lines_rejected as (

    select
        import_id,
        count(*) as line_count
    from {{ ref('stg_rejected_lines') }}
    where is_part_of_list
    group by import_id

),

row_figures as (

    select
        import_id,
        count(*) filter (where reject_reason is distinct from 'empty_row') as rows_landed,
        count(*) filter (where row_status = 'accepted') as rows_accepted,
        count(distinct account_id) filter (where row_status = 'accepted') as companies,
        count(distinct account_id) filter (
            where row_status = 'accepted' and (phone_e164 is not null or email is not null)
        ) as companies_with_contact_point,
        count(*) filter (where opt_out) as opt_out_rows
    from {{ ref('lead_rows') }}
    group by import_id

),

phone_figures as (

    select
        import_id,
        count(*) filter (where is_valid) as phones_valid,
        count(*) filter (where not is_valid) as phones_invalid,
        count(distinct phone_e164) filter (where is_valid) as distinct_phones,
        count(distinct phone_e164) filter (where is_valid and phone_type = 'mobile')
            as mobile_phones
    from {{ ref('lead_row_phones') }}
    group by import_id

),

email_figures as (

    select
        import_id,
        count(*) filter (where is_valid) as emails_valid,
        count(*) filter (where not is_valid) as emails_invalid,
        count(distinct email) filter (where is_valid) as distinct_emails,
        {% for kind in ['role', 'named', 'personal', 'disposable'] %}
        count(distinct email) filter (where is_valid and email_kind = '{{ kind }}')
            as {{ kind }}_emails{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('lead_row_emails') }}
    group by import_id

),

domain_figures as (

    select
        import_id,
        count(distinct registrable_domain) as distinct_domains
    from {{ ref('lead_row_domains') }}
    where is_valid
    group by import_id

),

{% set counts = {
    'row_figures': ['rows_accepted', 'companies', 'companies_with_contact_point', 'opt_out_rows'],
    'phone_figures': ['phones_valid', 'phones_invalid', 'distinct_phones', 'mobile_phones'],
    'email_figures': [
        'emails_valid', 'emails_invalid', 'distinct_emails', 'role_emails', 'named_emails',
        'personal_emails', 'disposable_emails'
    ],
    'domain_figures': ['distinct_domains'],
} %}
counted as (

    select
        imports.import_id,
        imports.source_name,
        imports.source_type,
        imports.vendor_last_updated,
        imports.imported_at,
        coalesce(row_figures.rows_landed, 0) + coalesce(lines_rejected.line_count, 0)
            as rows_total,
        {% for figures, names in counts.items() %}
        {% for name in names %}
        coalesce({{ figures }}.{{ name }}, 0) as {{ name }},
        {% endfor %}
        {% endfor %}
        row_figures.import_id is not null or imports.rows_landed = 0 as is_built
    from imports
    left join lines_rejected
        on imports.import_id = lines_rejected.import_id
    {% for figures in counts %}
    left join {{ figures }}
        on imports.import_id = {{ figures }}.import_id
    {% endfor %}

),

rated as (

    select
        *,
        rows_total - rows_accepted as rows_rejected,
        -- A withdrawn import has no companies any more, and so no repeats.
        case when companies > 0 then rows_accepted - companies else 0 end as rows_repeated,
        coalesce(cast(rows_accepted as double) / nullif(rows_total, 0), 0) as acceptance_rate,
        cast(phones_valid as double) / nullif(phones_valid + phones_invalid, 0)
            as phone_validity_rate,
        cast(emails_valid as double) / nullif(emails_valid + emails_invalid, 0)
            as email_validity_rate
    from counted

),

verdicts as (

    select
        rated.import_id,
        max_by(thresholds.verdict, thresholds.min_acceptance_rate) as verdict
    from rated
    inner join {{ ref('audit_thresholds') }} as thresholds
        on rated.acceptance_rate >= thresholds.min_acceptance_rate
    group by rated.import_id

),

final as (

    select
        rated.import_id,
        rated.source_name,
        rated.source_type,
        case when rated.is_built then verdicts.verdict end as verdict,
        rated.rows_total,
        rated.rows_accepted,
        rated.rows_rejected,
        rated.rows_repeated,
        rated.companies,
        rated.companies_with_contact_point,
        rated.opt_out_rows,
        {% for figures in ['phone_figures', 'email_figures', 'domain_figures'] %}
        {% for name in counts[figures] %}
        rated.{{ name }},
        {% endfor %}
        {% endfor %}
        case when rated.is_built then rated.acceptance_rate end as acceptance_rate,
        rated.phone_validity_rate,
        rated.email_validity_rate,
        rated.is_built,
        rated.vendor_last_updated,
        rated.imported_at
    from rated
    left join verdicts
        on rated.import_id = verdicts.import_id

)

select * from final
