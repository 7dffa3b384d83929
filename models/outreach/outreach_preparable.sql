-- One row per account of which a contact may be put into the queue, with the customers for whom
-- one stands there already.
with candidates as (

    select * from {{ ref('outreach_candidates') }}

),

channels as (

    select * from {{ ref('outreach_channels') }}

),

-- A blocked item does not hold its company: when one contact is gone, another may be prepared.
held as (

    select
        account_id,
        array_sort(array_agg(distinct coalesce(customer, ''))) as queued_for
    from {{ ref('outreach_queue') }}
    where status <> 'blocked'
    group by account_id

),

final as (

    select
        candidates.*,
        coalesce(held.queued_for, {{ array_where(split_text("''", ','), "item <> ''") }})
            as queued_for
    from candidates
    inner join channels
        on candidates.channel = channels.channel
    left join held
        on candidates.account_id = held.account_id
    where
        candidates.verdict in ('ready', 'needs_review')
        and candidates.contact_id is not null
        and channels.is_outbound

)

select * from final
