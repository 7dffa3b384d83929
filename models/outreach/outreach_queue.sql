-- One row per item that was ever put into the queue, as its contact, its verdict and its
-- approval are at this moment.
with events as (

    select * from {{ ref('stg_outreach_events') }}

),

items as (

    select
        *,
        row_number() over (
            partition by queue_id
            order by occurred_at desc nulls last, event_id desc
        ) as recency
    from events
    where event = 'queued'

),

-- Of an approval and a rejection at the same moment the rejection counts.
decisions as (

    select
        *,
        row_number() over (
            partition by queue_id
            order by
                occurred_at desc nulls first,
                case when event = 'approved' then 1 else 0 end,
                event_id desc
        ) as recency
    from events
    where event in ('approved', 'rejected')

),

exports as (

    select
        queue_id,
        min(occurred_at) as exported_at
    from events
    where event = 'exported'
    group by queue_id

),

channels as (

    select
        channel,
        approval_always,
        nullif(trim(allowed_from), '') as allowed_from,
        nullif(trim(allowed_until), '') as allowed_until
    from {{ ref('channel_policy') }}

),

clock as (

    select
        substr(
            cast({{ riyadh_time(now_utc()) }} as {{ dbt.type_string() }}), 12, 5
        ) as time_of_day

),

senders as (

    select
        customer,
        max_by(sender_identity, recorded_at) filter (where trim(sender_identity) <> '')
            as sender_identity
    from {{ ref('stg_customers') }}
    group by customer

),

unfinished_exports as (

    select distinct started.queue_id
    from events as started
    where
        started.event = 'export_started'
        and not exists (
            select 1
            from events as ended
            where
                ended.queue_id = started.queue_id
                and ended.export_id = started.export_id
                and ended.event in ('exported', 'export_failed')
        )

),

resolved as (

    select
        items.queue_id,
        items.customer,
        items.channel,
        items.contact_id as queued_contact_id,
        contact_aliases.contact_id,
        account_aliases.account_id as queued_account_id,
        items.actor as queued_by,
        exports.exported_at,
        items.occurred_at as queued_at
    from items
    left join {{ ref('contact_aliases') }} as contact_aliases
        on items.contact_id = contact_aliases.alias_id
    left join {{ ref('account_aliases') }} as account_aliases
        on items.account_id = account_aliases.alias_id
    left join exports
        on items.queue_id = exports.queue_id
    where items.recency = 1

),

-- After a merge two items may mean the same contact: the exported one stands, else the oldest.
numbered as (

    select
        *,
        row_number() over (
            partition by coalesce(customer, ''), coalesce(contact_id, queue_id), channel
            order by
                case when exported_at is null then 1 else 0 end,
                queued_at,
                queue_id
        ) as ordinal
    from resolved

),

opt_outs as (

    select
        numbered.queue_id,
        min(customer_opt_outs.evidence) as evidence
    from numbered
    inner join {{ ref('customer_opt_outs') }} as customer_opt_outs
        on
            numbered.contact_id = customer_opt_outs.contact_id
            and numbered.customer = customer_opt_outs.customer
    where coalesce(customer_opt_outs.channel, numbered.channel) = numbered.channel
    group by numbered.queue_id

),

resolved_now {{ computed_once() }} (

    select
        numbered.*,
        coalesce(content.account_id, numbered.queued_account_id) as account_id,
        content.company_name,
        content.contact_name,
        content.email,
        content.phone_e164,
        content.priority,
        content.language,
        content.source_names,
        content.total_score,
        content.data_quality_score,
        case
            when opt_outs.queue_id is not null then 'blocked'
            else coalesce(verdicts.verdict, 'blocked')
        end as verdict,
        case
            when opt_outs.queue_id is not null
                then 'On the opt-out list of this customer: ' || opt_outs.evidence
            else coalesce(verdicts.reasons, 'The contact is not in the graph any more')
        end as reasons,
        coalesce(verdicts.rule_ids, {{ array_where(split_text("''", ','), "item <> ''") }})
            as rule_ids
    from numbered
    left join {{ ref('queue_verdicts') }} as verdicts
        on
            numbered.contact_id = verdicts.contact_id
            and numbered.channel = verdicts.channel
    left join {{ ref('outreach_content') }} as content
        on verdicts.verdict_id = content.verdict_id
    left join opt_outs
        on numbered.queue_id = opt_outs.queue_id

),

-- The customer's own template counts before everybody's.
drafts as (

    select
        resolved_now.queue_id,
        max_by(
            replace(
                replace(
                    replace(
                        case
                            when resolved_now.contact_name is null then templates.salutation_unnamed
                            else templates.salutation_named
                        end
                        || chr(10) || chr(10) || templates.sender_line || ' ' || templates.body
                        || chr(10) || chr(10) || templates.opt_out_sentence,
                        '{sender}',
                        coalesce(
                            senders.sender_identity,
                            resolved_now.customer,
                            '{{ var("sender_identity") }}'
                        )
                    ),
                    '{contact_name}', coalesce(resolved_now.contact_name, '')
                ),
                '{company_name}', coalesce(resolved_now.company_name, '')
            ),
            case when templates.customer is null then 0 else 1 end
        ) as message_draft
    from resolved_now
    inner join {{ ref('approved_templates') }} as templates
        on
            resolved_now.channel = templates.channel
            and resolved_now.language = templates.language
            and coalesce(templates.customer, resolved_now.customer, '')
            = coalesce(resolved_now.customer, '')
    left join senders
        on resolved_now.customer = senders.customer
    group by resolved_now.queue_id

),

today as (

    select
        resolved_now.*,
        drafts.message_draft,
        -- Over the contact as queued and not as merged: an approval outlives a merge that
        -- changes nothing in the text. With the verdict and its rules: who approved what needs
        -- review has approved it for those reasons and no others.
        {{ sha256_hex(
            "concat_ws(chr(31), coalesce(resolved_now.customer, ''), "
            ~ "resolved_now.queued_contact_id, resolved_now.channel, "
            ~ "coalesce(resolved_now.email, ''), coalesce(resolved_now.phone_e164, ''), "
            ~ "coalesce(resolved_now.company_name, ''), coalesce(resolved_now.contact_name, ''), "
            ~ "coalesce(drafts.message_draft, ''), resolved_now.verdict, "
            ~ array_text('resolved_now.rule_ids', ', ') ~ ")"
        ) }} as content_hash
    from resolved_now
    left join drafts
        on resolved_now.queue_id = drafts.queue_id

),

judged as (

    select
        today.*,
        decisions.event as decision,
        decisions.actor as decided_by,
        decisions.occurred_at as decided_at,
        decisions.expires_at as approval_expires_at,
        decisions.reason as decision_reason,
        unfinished_exports.queue_id is not null as has_unfinished_export,
        coalesce(decisions.content_hash = today.content_hash, false) as is_same_content,
        coalesce(decisions.event = 'approved', false)
        and not coalesce(decisions.expires_at > {{ now_utc() }}, false) as is_expired,
        coalesce(
            decisions.event = 'approved'
            -- What needs review is approved for a reason, what is blocked never.
            and (
                today.verdict = 'ready'
                or (today.verdict = 'needs_review' and trim(decisions.reason) <> '')
            )
            and trim(decisions.actor) <> ''
            and decisions.expires_at > {{ now_utc() }}
            and decisions.content_hash = today.content_hash,
            false
        ) as is_approved,
        established_customers.customer is null
        or coalesce(channels.approval_always, true) as approval_required,
        case
            when channels.allowed_from is null and channels.allowed_until is null
                then 'at any time'
            else coalesce(channels.allowed_from, '00:00') || '-'
                || coalesce(channels.allowed_until, '24:00') || ' Asia/Riyadh'
        end as allowed_hours,
        coalesce(
            channels.channel is not null
            and clock.time_of_day >= coalesce(channels.allowed_from, '00:00')
            and clock.time_of_day < coalesce(channels.allowed_until, '24:00'),
            false
        ) as is_due_now
    from today
    left join decisions
        on
            today.queue_id = decisions.queue_id
            and decisions.recency = 1
    left join unfinished_exports
        on today.queue_id = unfinished_exports.queue_id
    left join {{ ref('established_customers') }} as established_customers
        on today.customer = established_customers.customer
    left join channels
        on today.channel = channels.channel
    cross join clock

),

stated as (

    select
        *,
        case
            when exported_at is not null then 'exported'
            when decision = 'rejected' then 'rejected'
            when verdict = 'blocked' or ordinal > 1 then 'blocked'
            when is_approved then 'approved'
            when is_expired then 'expired'
            else 'queued'
        end as status
    from judged

),

final as (

    select
        queue_id,
        account_id,
        contact_id,
        company_name,
        contact_name,
        channel,
        email,
        phone_e164,
        priority,
        verdict,
        rule_ids,
        reasons,
        customer,
        status,
        case status
            when 'exported' then 'exported on ' || {{ day_text('exported_at') }}
            when 'rejected'
                then 'rejected by ' || decided_by || coalesce(': ' || decision_reason, '')
            when 'blocked'
                then case
                    when verdict = 'blocked' then reasons
                    else 'the same contact stands in the queue already'
                end
            when 'approved'
                then case
                    when has_unfinished_export then 'approved; an export of it has begun'
                    when verdict = 'ready' then 'approved by ' || decided_by
                    else 'approved by ' || decided_by || ' after review: ' || decision_reason
                end
            when 'expired' then 'the approval by ' || decided_by || ' has expired'
            else case
                when decision = 'approved' and not (is_same_content and verdict = 'needs_review')
                    then 'the content changed after the approval by ' || decided_by
                when verdict <> 'ready' then 'needs review: approve it with a reason'
                else 'waits for approval'
            end
        end as status_reason,
        queued_by,
        case when status in ('approved', 'expired', 'exported') then decided_by end as approved_by,
        case when status in ('approved', 'expired', 'exported') then decision_reason end
            as approval_reason,
        content_hash,
        message_draft,
        source_names,
        allowed_hours,
        queued_contact_id,
        total_score,
        data_quality_score,
        approval_required,
        is_due_now,
        is_approved and ordinal = 1 as has_live_approval,
        has_unfinished_export,
        queued_at,
        case when status in ('approved', 'expired', 'exported') then decided_at end as approved_at,
        case when status in ('approved', 'expired', 'exported') then approval_expires_at end
            as approval_expires_at,
        exported_at
    from stated

)

select * from final
