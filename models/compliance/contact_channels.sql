-- One row per contact and channel it could be reached on; a subject without any has the one
-- channel needs_enrichment.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
with subjects as (

    select * from {{ ref('gate_subjects') }}
    where {{ only_touched_accounts() }}

),

channels as (

    select * from {{ ref('channel_policy') }}

),

reachable as (

    select
        subject_id,
        'email_warm' as channel
    from subjects
    where has_email or email is not null

    union all

    select
        subject_id,
        'phone_task' as channel
    from subjects
    where has_phone or phone_e164 is not null

    union all

    select
        subject_id,
        'whatsapp_inbound_only' as channel
    from subjects
    where has_mobile

),

all_channels as (

    select
        subject_id,
        channel
    from reachable

    union all

    select
        subject_id,
        'needs_enrichment' as channel
    from subjects
    where not exists (
        select 1
        from reachable
        where reachable.subject_id = subjects.subject_id
    )

),

final as (

    select
        all_channels.subject_id || ':' || all_channels.channel as verdict_id,
        subjects.account_id,
        subjects.contact_id,
        all_channels.channel,
        subjects.contact_kind,
        subjects.consent_status,
        subjects.source_ref,
        {% if var('is_trial') %}
        -- A trial asks what each channel's verdict is, and chooses none.
        cast(null as bigint) as preference
        {% else %}
        -- Among equal verdicts: channels that we may use at all, a person who agreed,
        -- the company itself, the rest.
        row_number() over (
            partition by subjects.account_id
            order by
                case when coalesce(channels.outbound_allowed, false) then 0 else 1 end,
                case
                    when
                        subjects.contact_kind = 'person'
                        and coalesce(subjects.consent_status, '') in ('opted_in', 'owned')
                        then 0
                    when coalesce(subjects.contact_kind, '') = 'company' then 1
                    else 2
                end,
                coalesce(channels.preference, 99),
                -coalesce(subjects.source_count, 0),
                all_channels.subject_id,
                all_channels.channel
        ) as preference
        {% endif %}
    from all_channels
    inner join subjects
        on all_channels.subject_id = subjects.subject_id
    left join channels
        on all_channels.channel = channels.channel

)

select * from final
