-- One row per web address found in a record, valid or not, numbered in the order in which they are
-- believed, with what it says about identity.
{{ config(materialized='incremental', incremental_strategy='append') }}
with cells as (

    select * from {{ ref('lead_row_cells') }}
    where {{ only_new_imports() }}

),

parsed as (

    select * from {{ ref('stg_parsed_urls') }}

),

shared_hosts as (

    select * from {{ ref('shared_hosts') }}

),

path_words as (

    select path_word from {{ ref('shared_path_words') }}

),

found as (

    select
        cells.import_id,
        cells.row_number,
        cells.field,
        cells.column_rank,
        coalesce(parsed.position, 1) as position,
        cells.cell_order + coalesce(parsed.position, 1)
        + case when cells.field = 'website' then 0 else 100000000000 end as domain_number,
        parsed.url,
        parsed.host,
        parsed.registrable_domain,
        parsed.domain_hash,
        parsed.host_hash,
        parsed.site_hash,
        parsed.key_id,
        parsed.first_path_segment,
        shared_hosts.key_part,
        path_words.path_word is not null as is_path_shared,
        case
            when parsed.raw_value is null then 'not_parsed'
            when not coalesce(parsed.is_valid, false) then coalesce(parsed.reject_reason, 'invalid')
        end as reject_reason,
        coalesce(parsed.is_valid and parsed.registrable_domain is not null, false) as is_valid
    from cells
    left join parsed
        on cells.raw_value = parsed.raw_value
    left join shared_hosts
        on parsed.registrable_domain = shared_hosts.domain
    left join path_words
        on parsed.first_path_segment = path_words.path_word
    where cells.field = 'website' or parsed.is_valid

),

-- On a host that many companies share, only the company's own subdomain or path tells them apart.
site_parts as (

    select
        *,
        case
            when not is_valid or key_part is null then null
            when key_part in ('host', 'host_or_path') and host <> registrable_domain then 'host'
            when
                key_part in ('path', 'host_or_path')
                and coalesce(first_path_segment, '') <> ''
                and not is_path_shared
                then 'path'
        end as site_part
    from found

),

final as (

    select
        import_id,
        row_number,
        domain_number,
        field,
        column_rank,
        position,
        url,
        host,
        registrable_domain,
        case when is_valid and key_part is null then registrable_domain end as own_domain,
        -- One profile, whether it is written with m., ar-ar. or nothing before the host; hashed likewise.
        case site_part
            when 'host' then host
            when 'path' then registrable_domain || '/' || first_path_segment
        end as site,
        reject_reason,
        domain_hash,
        case site_part when 'host' then host_hash when 'path' then site_hash end as site_hash,
        key_id,
        is_valid,
        key_part is not null as is_shared_host
    from site_parts

)

select * from final
