-- One row per export that reached its file: what was written, by whom, for whom, what for and when.
with exported as (

    select * from {{ ref('stg_outreach_events') }}
    where event = 'exported'

),

final as (

    select
        export_id,
        min(export_file) as export_file,
        min(file_sha256) as file_sha256,
        min(actor) as exported_by,
        min(recipient) as recipient,
        min(purpose) as purpose,
        count(*) as row_count,
        min(occurred_at) as exported_at
    from exported
    group by export_id

)

select * from final
