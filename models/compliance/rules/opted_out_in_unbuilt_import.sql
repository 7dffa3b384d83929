-- One row per contact or account that an opted-out row names which is landed but not in the
-- built tables yet.
with unbuilt_imports as (

    select imports.import_id
    from {{ ref('stg_lead_imports') }} as imports
    where not exists (
        select 1
        from {{ ref('built_imports') }} as built_imports
        where built_imports.import_id = imports.import_id
    )

),

opted_out_rows as (

    select
        opted_out.import_id,
        opted_out.row_number,
        lead_rows.place_id
    from {{ ref('opted_out_rows') }} as opted_out
    inner join unbuilt_imports
        on opted_out.import_id = unbuilt_imports.import_id
    inner join {{ ref('stg_lead_rows') }} as lead_rows
        on
            opted_out.import_id = lead_rows.import_id
            and opted_out.row_number = lead_rows.row_number

),

-- A number in the mailbox column is found as well: every cell is compared with every kind.
cells as (

    select
        cells.raw_value,
        {{ source_ref('cells.import_id', 'cells.row_number') }} as source_ref
    from {{ ref('stg_lead_row_values') }} as cells
    inner join opted_out_rows
        on
            cells.import_id = opted_out_rows.import_id
            and cells.row_number = opted_out_rows.row_number
    where cells.field in ('phone', 'email', 'website')

),

named_values as (

    select
        cells.source_ref,
        'contact' as reaches,
        parsed.phone_hash as hash
    from cells
    inner join {{ ref('stg_parsed_phones') }} as parsed
        on cells.raw_value = parsed.raw_value

    union all

    select
        cells.source_ref,
        'contact' as reaches,
        parsed.email_hash as hash
    from cells
    inner join {{ ref('stg_parsed_emails') }} as parsed
        on cells.raw_value = parsed.raw_value

    union all

    select
        cells.source_ref,
        'domain' as reaches,
        parsed.domain_hash as hash
    from cells
    inner join {{ ref('stg_parsed_urls') }} as parsed
        on cells.raw_value = parsed.raw_value

    union all

    select
        cells.source_ref,
        'site' as reaches,
        parsed.site_hash as hash
    from cells
    inner join {{ ref('stg_parsed_urls') }} as parsed
        on cells.raw_value = parsed.raw_value

    union all

    select
        cells.source_ref,
        'site' as reaches,
        parsed.host_hash as hash
    from cells
    inner join {{ ref('stg_parsed_urls') }} as parsed
        on cells.raw_value = parsed.raw_value

),

reached as (

    select
        identifiers.account_id,
        identifiers.contact_id,
        named_values.source_ref
    from named_values
    inner join {{ ref('contact_identifiers') }} as identifiers
        on named_values.hash = identifiers.hash
    where named_values.reaches = 'contact'

    union

    select
        identifiers.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        named_values.source_ref
    from named_values
    inner join {{ ref('account_identifiers') }} as identifiers
        on
            named_values.hash = identifiers.hash
            and named_values.reaches = identifiers.kind

    union

    select
        identifiers.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        {{ source_ref('opted_out_rows.import_id', 'opted_out_rows.row_number') }} as source_ref
    from opted_out_rows
    inner join {{ ref('account_identifiers') }} as identifiers
        on opted_out_rows.place_id = identifiers.value
    where identifiers.kind = 'place_id'

),

final as (

    select
        'opted_out_in_unbuilt_import' as rule_id,
        account_id,
        contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'opt-out flag in a row landed since the last build' as evidence,
        source_ref
    from reached

)

select * from final
