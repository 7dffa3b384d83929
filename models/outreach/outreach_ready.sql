-- One row per account whose best contact and channel is ready at this moment: the rows of
-- outreach_candidates that are ready, found without judging all the others.
with asked as (

    select
        verdict_id,
        account_number as account_id,
        contact_number as contact_id,
        channel
    from {{ ref('ready_content') }}

),

hits {{ computed_once() }} (
    {{ read_hits_of('asked') }}
),

accounts_hit {{ computed_once() }} (

    select distinct account_id as account_number
    from hits

),

asked_again {{ computed_once() }} (

    select
        verdict_id,
        account_number as account_id,
        contact_number as contact_id,
        channel,
        choice
    from {{ ref('ready_content') }}
    -- Not a bare `in`, for which everybody would be put into a hash table and not these few.
    where coalesce(
        account_number in (select accounts_hit.account_number from accounts_hit),
        false
    )

),

reached as (
    {{ hits_of_subjects('hits', 'asked_again') }}
),

-- Were the id of somebody reached unknown, none of them would be ready.
best_of_asked_again as (

    select
        account_id as account_number,
        min(choice) as choice
    from asked_again
    where verdict_id not in (
        select reached.verdict_id
        from reached
        where reached.verdict_rank > 0
    )
    group by account_id

),

-- Of whom nothing happened to since the build its first choice stands; were an account that is hit
-- unknown, nobody's would.
best as (

    select * from {{ ref('ready_content') }}
    where
        choice = 1
        and account_number not in (select accounts_hit.account_number from accounts_hit)

    union all

    select content.*
    from {{ ref('ready_content') }} as content
    inner join best_of_asked_again as asked_again
        on
            content.account_number = asked_again.account_number
            and content.choice = asked_again.choice

),

established as (

    select array_agg(customer) as customers
    from {{ ref('established_customers') }}

),

final as (

    select
        content.verdict_id,
        content.account_id,
        content.contact_id,
        content.company_name,
        content.contact_name,
        content.channel,
        content.email,
        content.phone_e164,
        content.priority,
        'ready' as verdict,
        {{ array_where(split_text('content.rules', ', '), "item <> ''") }} as rule_ids,
        content.reasons,
        content.source_names,
        content.customers,
        content.total_score,
        content.data_quality_score,
        {{ approval_required('content.customers') }} as approval_required
    from best as content
    left join {{ ref('channel_policy') }} as channels
        on content.channel = channels.channel
    cross join established

)

select * from final
