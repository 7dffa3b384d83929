-- One row per account of which a contact may be put into the queue, with the customers for whom
-- one stands there already. Of accounts that share a mailbox or number only the first is offered:
-- whoever answers there is asked once.
with candidates as (

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
queued as (

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
        candidates.*,
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

numbered as (

    select
        *,
        row_number() over (partition by contact_point order by preparation_order) as ordinal
    from ordered

),

final as (

    select
        numbered.verdict_id,
        numbered.account_id,
        numbered.contact_id,
        numbered.company_name,
        numbered.contact_name,
        numbered.channel,
        numbered.email,
        numbered.phone_e164,
        numbered.priority,
        numbered.verdict,
        numbered.rule_ids,
        numbered.reasons,
        numbered.source_names,
        numbered.customers,
        coalesce(held.queued_for, {{ array_where(split_text("''", ','), "item <> ''") }})
            as queued_for,
        coalesce(opted_out.opted_out_of, {{ array_where(split_text("''", ','), "item <> ''") }})
            as opted_out_of,
        numbered.total_score,
        numbered.data_quality_score,
        numbered.preparation_order,
        numbered.approval_required
    from numbered
    left join held
        on numbered.verdict_id = held.verdict_id
    left join opted_out
        on numbered.contact_id = opted_out.contact_id
    where numbered.ordinal = 1

)

select * from final
