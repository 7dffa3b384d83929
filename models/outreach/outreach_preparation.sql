-- One row per account: its best contact and channel at this moment, and its place in the order of
-- preparation (NULL: it cannot be put into the queue), with the customers for whom one stands there
-- already. Of accounts that share a mailbox or number only the first has a place: whoever answers
-- there is asked once.
with candidates {{ computed_once() }} (

    select
        *,
        channel || ':' || case channel
            when 'phone_task' then phone_e164
            when 'email_warm' then email
        end as contact_point
    from {{ ref('outreach_candidates') }}

),

channels as (

    select * from {{ ref('channel_policy') }}

),

-- A blocked item does not hold its company: when one contact is gone, another may be prepared.
queued {{ computed_once() }} (

    select
        account_id,
        coalesce(customer, '') as customer,
        channel || ':' || case channel
            when 'phone_task' then phone_e164
            when 'email_warm' then email
        end as contact_point
    from {{ ref('outreach_queue') }}
    where status <> 'blocked'

),

held as (

    select
        verdict_id,
        array_sort(array_agg(distinct customer)) as queued_for
    from (
        select
            candidates.verdict_id,
            queued.customer
        from candidates
        inner join queued
            on candidates.account_id = queued.account_id
        union all
        select
            candidates.verdict_id,
            queued.customer
        from candidates
        inner join queued
            on candidates.contact_point = queued.contact_point
    ) as held_pairs
    group by verdict_id

),

opted_out as (

    select
        contact_id,
        array_sort(array_agg(distinct customer)) as opted_out_of
    from {{ ref('customer_opt_outs') }}
    group by contact_id

),

ordered as (

    select
        candidates.verdict_id,
        candidates.contact_point,
        row_number() over (
            order by
                candidates.priority,
                {{ verdict_rank('candidates.verdict') }},
                candidates.total_score desc nulls last,
                candidates.account_id
        ) as preparation_order
    from candidates
    inner join channels
        on candidates.channel = channels.channel
    where
        candidates.verdict in ('ready', 'needs_review')
        and candidates.contact_id is not null
        and candidates.contact_point is not null
        and channels.outbound_allowed

),

preparable as (

    select
        verdict_id,
        preparation_order,
        row_number() over (partition by contact_point order by preparation_order) as ordinal
    from ordered

),

final as (

    select
        candidates.verdict_id,
        candidates.account_id,
        candidates.contact_id,
        candidates.company_name,
        candidates.contact_name,
        candidates.channel,
        candidates.email,
        candidates.phone_e164,
        candidates.priority,
        candidates.verdict,
        candidates.rule_ids,
        candidates.reasons,
        candidates.source_names,
        candidates.customers,
        coalesce(held.queued_for, {{ array_where(split_text("''", ','), "item <> ''") }})
            as queued_for,
        coalesce(opted_out.opted_out_of, {{ array_where(split_text("''", ','), "item <> ''") }})
            as opted_out_of,
        candidates.total_score,
        candidates.data_quality_score,
        preparable.preparation_order,
        candidates.approval_required
    from candidates
    left join preparable
        on
            candidates.verdict_id = preparable.verdict_id
            and preparable.ordinal = 1
    left join held
        on candidates.verdict_id = held.verdict_id
    left join opted_out
        on candidates.contact_id = opted_out.contact_id

)

select * from final
