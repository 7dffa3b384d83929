-- One row per account, kind of signal and value: what the records say, and what the graph itself
-- shows.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
with account_rows as (

    select
        account_id,
        import_id,
        row_number,
        source_url,
        has_opening_hours,
        coalesce(cast(vendor_last_updated as timestamp), imported_at) as detected_at
    from {{ ref('account_rows') }}
    where {{ only_touched_accounts() }}

),

cells as (

    select
        account_rows.account_id,
        account_rows.source_url,
        account_rows.detected_at,
        cells.field,
        {{ split_text("translate(cells.raw_value, '،,|\n', ';;;;')", ';') }} as parts
    from {{ ref('lead_row_remarks') }} as cells
    inner join account_rows
        on
            cells.import_id = account_rows.import_id
            and cells.row_number = account_rows.row_number

),

said as (

    select
        cells.account_id,
        cells.field,
        {{ clean_text('part.item') }} as signal_value,
        cells.source_url,
        cells.detected_at
    from cells
    {{ each_item('cells.parts', 'part') }}

),

said_words as (

    select
        said.*,
        {{ split_text(word_key('said.signal_value'), ' ') }} as words
    from said
    where {{ word_key('said.signal_value') }} not in (
        select {{ word_key('placeholder') }}
        from {{ ref('placeholders') }}
        where field = 'any'
    ) and {{ word_key('said.signal_value') }} <> ''

),

word_types as (

    select
        said_words.account_id,
        said_words.signal_value,
        min(signal_words.signal_type) as signal_type
    from said_words
    {{ each_item('said_words.words', 'each_word') }}
    inner join {{ ref('signal_words') }} as signal_words
        on each_word.item = {{ word_key('signal_words.word') }}
    where said_words.field = 'intent_signal'
    group by said_words.account_id, said_words.signal_value

),

typed as (

    select
        said_words.account_id,
        case
            when said_words.field = 'technologies' then 'technology'
            else coalesce(word_types.signal_type, 'intent')
        end as signal_type,
        said_words.signal_value,
        said_words.source_url,
        said_words.detected_at
    from said_words
    left join word_types
        on
            said_words.account_id = word_types.account_id
            and said_words.signal_value = word_types.signal_value

),

accounts as (

    select * from {{ ref('accounts') }}
    where {{ only_touched_accounts() }}

),

shown as (

    select
        account_id,
        'multi_location' as signal_type,
        location_count || ' locations' as signal_value,
        cast(null as {{ dbt.type_string() }}) as source_url,
        last_seen_at as detected_at
    from accounts
    where location_count > 1

    union all

    select
        account_id,
        'multi_source' as signal_type,
        source_count || ' sources' as signal_value,
        cast(null as {{ dbt.type_string() }}) as source_url,
        last_seen_at as detected_at
    from accounts
    where source_count > 1

    union all

    select
        account_id,
        'own_website' as signal_type,
        domain as signal_value,
        website as source_url,
        last_seen_at as detected_at
    from accounts
    where domain is not null and website is not null

    union all

    select
        account_id,
        'opening_hours' as signal_type,
        'published' as signal_value,
        cast(null as {{ dbt.type_string() }}) as source_url,
        detected_at
    from account_rows
    where has_opening_hours

),

every_signal as (

    select * from typed
    union all
    select * from shown

),

grouped as (

    select
        account_id,
        signal_type,
        lower(signal_value) as value_key,
        min(signal_value) as signal_value,
        min(source_url) as source_url,
        max(detected_at) as detected_at
    from every_signal
    group by account_id, signal_type, lower(signal_value)

),

final as (

    select
        'sig_' || left({{ sha256_hex(
            "grouped.account_id || '|' || grouped.signal_type || '|' || grouped.value_key"
        ) }}, 16) as signal_id,
        grouped.account_id,
        grouped.signal_type,
        grouped.signal_value,
        grouped.source_url,
        signal_types.confidence,
        grouped.detected_at
    from grouped
    inner join {{ ref('signal_types') }} as signal_types
        on grouped.signal_type = signal_types.signal_type

)

select * from final
