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

    select
        *,
        'ready' as verdict
    from {{ ref('ready_content') }}
    where
        choice = 1
        and account_number not in (select accounts_hit.account_number from accounts_hit)

    union all

    select
        content.*,
        'ready' as verdict
    from {{ ref('ready_content') }} as content
    inner join best_of_asked_again as asked_again
        on
            content.account_number = asked_again.account_number
            and content.choice = asked_again.choice

),

final as (
    {{ candidates('best') }}
)

select * from final
