-- One row per account, kind of signal and value: what the records say, what the graph itself shows,
-- and what the company's own site shows. Signals age: their confidence halves with every half-life.
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

of_records as (

    select * from typed
    union all
    select * from shown

),

every_signal as (

    select
        of_records.account_id,
        of_records.signal_type,
        of_records.signal_value,
        of_records.source_url,
        cast(null as {{ dbt.type_string() }}) as evidence,
        signal_types.confidence,
        of_records.detected_at
    from of_records
    inner join {{ ref('signal_types') }} as signal_types
        on of_records.signal_type = signal_types.signal_type

    union all

    select
        account_id,
        signal_type,
        signal_value,
        source_url,
        evidence,
        confidence,
        detected_at
    from {{ ref('site_signals') }}
    where {{ only_touched_accounts() }}

),

-- Old news are no news. Whole days, so that two builds of one day agree.
aged as (

    select
        every_signal.account_id,
        every_signal.signal_type,
        every_signal.signal_value,
        every_signal.source_url,
        every_signal.evidence,
        every_signal.detected_at,
        every_signal.confidence * coalesce(power(
            0.5,
            greatest(
                {{ days_since_1970('cast(' ~ now_utc() ~ ' as date)') }}
                - {{ days_since_1970('cast(every_signal.detected_at as date)') }},
                0
            ) / cast(half_lives.half_life_days as double)
        ), 1) as confidence
    from every_signal
    inner join {{ ref('signal_half_lives') }} as half_lives
        on every_signal.signal_type = half_lives.signal_type

),

grouped as (

    select
        account_id,
        signal_type,
        lower(signal_value) as value_key,
        min(signal_value) as signal_value,
        min(source_url) as source_url,
        min(evidence) as evidence,
        max(confidence) as confidence,
        max(detected_at) as detected_at
    from aged
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
        grouped.evidence,
        cast(round(grouped.confidence, 4) as double) as confidence,
        grouped.detected_at
    from grouped

)

select * from final
