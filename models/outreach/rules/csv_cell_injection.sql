-- One row per queue item with a text that a spreadsheet would run as a formula: the export
-- neutralises it. A phone in E.164 always would be one.
{%- set formula = '^[\\s\\x{FEFF}\\x{200B}-\\x{200F}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]*[=+@＝＋－＠-]' %}
with queue as (

    select * from {{ ref('outreach_queue') }}

),

final as (

    select
        'csv_cell_injection' as rule_id,
        queue_id as subject,
        case
            when {{ matches_pattern("coalesce(company_name, '')", formula) }} then 'company name'
            when {{ matches_pattern("coalesce(contact_name, '')", formula) }} then 'contact name'
            else 'message'
        end || ' begins like a formula' as evidence,
        queue_id as source_ref
    from queue
    where
        {{ matches_pattern("coalesce(company_name, '')", formula) }}
        or {{ matches_pattern("coalesce(contact_name, '')", formula) }}
        or {{ matches_pattern("coalesce(message_draft, '')", formula) }}

)

select * from final
