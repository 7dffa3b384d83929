-- One row per account that an incremental build has to make anew, and per old one that is no more:
-- everything that is built of accounts is made again for these and kept for all others. Empty after
-- a full build.
{% if is_incremental_build() %}
{%- set built_identifiers = adapter.get_relation(
    this.database, 'graph', 'contact_identifiers'
) %}
with clusters as (

    select
        landing_rank,
        import_id,
        row_number,
        account_id
    from {{ ref('clusters') }}

),

-- An opt-out in a new row reaches whoever has its number or mailbox, related or not.
opted_out_values as (

    select phones.phone_e164 as value
    from {{ ref('lead_row_phones') }} as phones
    inner join {{ ref('lead_rows_parsed') }} as opted_out
        on
            phones.import_id = opted_out.import_id
            and phones.row_number = opted_out.row_number
    where
        opted_out.opt_out
        and phones.is_valid
        and {{ only_new_imports('phones.import_id') }}

    union

    select emails.email as value
    from {{ ref('lead_row_emails') }} as emails
    inner join {{ ref('lead_rows_parsed') }} as opted_out
        on
            emails.import_id = opted_out.import_id
            and emails.row_number = opted_out.row_number
    where
        opted_out.opt_out
        and emails.is_valid
        and {{ only_new_imports('emails.import_id') }}

),

reached_rows as (

    select
        import_id,
        row_number
    from {{ ref('lead_row_phones') }}
    where phone_e164 in (select opted_out_values.value from opted_out_values)

    union

    select
        import_id,
        row_number
    from {{ ref('lead_row_emails') }}
    where email in (select opted_out_values.value from opted_out_values)

),

final as (

    select account_id
    from clusters
    where {{ only_moved_records() }}

    union

    select account_id_before as account_id
    from {{ ref('moved_records') }}
    where account_id_before is not null

    union

    select clusters.account_id
    from clusters
    inner join reached_rows
        on
            clusters.import_id = reached_rows.import_id
            and clusters.row_number = reached_rows.row_number

    union

    -- What a site publishes stands in no row.
    select account_id
    from {{ built_identifiers }}
    where value in (select opted_out_values.value from opted_out_values)

)

select * from final
{% else %}
-- depends_on: {{ ref('clusters') }} {{ ref('lead_row_phones') }} {{ ref('lead_row_emails') }}
-- depends_on: {{ ref('lead_rows_parsed') }} {{ ref('moved_records') }}
select cast(null as {{ dbt.type_string() }}) as account_id
where false
{% endif %}
