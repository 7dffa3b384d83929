-- One row per account and question that a provider could answer about it now: what is missing or
-- stale, what it would cost and whether it could move the priority. Live, so that an answer takes
-- its question off the list at once.
with accounts as (

    select * from {{ ref('accounts') }}

),

scores as (

    select * from {{ ref('lead_scores') }}

),

-- Who must not be contacted need not be asked about.
blocked as (

    select account_id
    from {{ ref('outreach_candidates') }}
    where verdict = 'blocked'

),

endpoints as (

    select * from {{ ref('enrichment_endpoints') }}

),

next_priorities as (

    select
        scores.account_id,
        min(thresholds.min_score) - min(scores.total_score) as points_to_next
    from scores
    inner join {{ ref('priority_thresholds') }} as thresholds
        on scores.total_score < thresholds.min_score
    group by scores.account_id

),

intent_room as (

    select max(max_points) as max_points
    from (
        select sum(most) as max_points
        from (
            select
                component,
                max(max_points) as most
            from {{ ref('score_weights') }}
            where dimension = 'intent'
            group by component
        ) as components
    ) as sums

),

places as (

    select
        account_id,
        min(value) as place_id
    from {{ ref('account_identifiers') }}
    where kind = 'place_id'
    group by account_id

),

-- A number that its own site publishes need not be bought.
known_phones as (

    select account_id
    from accounts
    where phone_e164 is not null

    union

    select account_id
    from {{ ref('site_contact_points') }}
    where contact_id is not null and kind = 'phone'

),

live_places as (

    select distinct account_id
    from {{ ref('live_places') }}
    where account_id is not null

),

homepages as (

    select
        account_id,
        min(url) as url
    from {{ ref('homepage_candidates') }}
    where is_accepted
    group by account_id

),

known_sites as (

    select
        accounts.account_id,
        coalesce(
            accounts.website,
            'https://' || accounts.domain || '/',
            homepages.url,
            seen.url
        ) as url
    -- Not what Google Maps says it is: its address would stand in the answer for ever.
    from accounts
    left join homepages
        on accounts.account_id = homepages.account_id
    -- A home page that was found once is known from the site itself.
    left join (
        select
            account_id,
            min(url) as url
        from {{ ref('site_pages') }}
        where page_kind = 'home'
        group by account_id
    ) as seen
        on accounts.account_id = seen.account_id

),

questions as (

    select
        accounts.account_id,
        'website' as provider,
        'home' as endpoint,
        accounts.account_id as subject,
        known_sites.url as argument,
        'home' as page_kind,
        'what its site shows' as missing,
        false as is_content_gone,
        greatest(intent_room.max_points - scores.intent_score, 0) as points_possible
    from accounts
    inner join known_sites
        on accounts.account_id = known_sites.account_id
    inner join scores
        on accounts.account_id = scores.account_id
    cross join intent_room
    where known_sites.url is not null

    union all

    select
        accounts.account_id,
        'website' as provider,
        'page' as endpoint,
        accounts.account_id as subject,
        links.url as argument,
        links.page_kind,
        'its ' || links.page_kind || ' page' as missing,
        false as is_content_gone,
        greatest(intent_room.max_points - scores.intent_score, 0) as points_possible
    from accounts
    inner join {{ ref('site_links') }} as links
        on accounts.account_id = links.account_id
    inner join scores
        on accounts.account_id = scores.account_id
    cross join intent_room

    union all

    select
        accounts.account_id,
        'google_search' as provider,
        'homepage' as endpoint,
        accounts.account_id as subject,
        accounts.company_name || coalesce(' ' || accounts.city, '') as argument,
        cast(null as {{ dbt.type_string() }}) as page_kind,
        'a home page' as missing,
        false as is_content_gone,
        -- A website, and what it would show.
        3 + greatest(intent_room.max_points - scores.intent_score, 0) as points_possible
    from accounts
    inner join known_sites
        on accounts.account_id = known_sites.account_id
    inner join scores
        on accounts.account_id = scores.account_id
    cross join intent_room
    where
        known_sites.url is null
        and not accounts.is_known_by_place_only

    union all

    select
        accounts.account_id,
        'google_maps' as provider,
        'details' as endpoint,
        places.place_id as subject,
        places.place_id as argument,
        cast(null as {{ dbt.type_string() }}) as page_kind,
        case
            when accounts.is_known_by_place_only then 'everything but its place'
            when known_sites.url is null and known_phones.account_id is null
                then 'a phone number and a website'
            when known_sites.url is null then 'a website'
            when known_phones.account_id is null then 'a phone number'
            else 'whether it is still open'
        end as missing,
        accounts.is_known_by_place_only and live_places.account_id is null as is_content_gone,
        case when known_phones.account_id is null then 5 else 0 end
        + case
            when known_sites.url is null
                then 3 + greatest(intent_room.max_points - scores.intent_score, 0)
            else 0
        end as points_possible
    from accounts
    inner join places
        on accounts.account_id = places.account_id
    inner join known_sites
        on accounts.account_id = known_sites.account_id
    inner join scores
        on accounts.account_id = scores.account_id
    left join live_places
        on accounts.account_id = live_places.account_id
    left join known_phones
        on accounts.account_id = known_phones.account_id
    cross join intent_room

),

answers as (

    select
        results.provider,
        results.endpoint,
        coalesce(aliases.account_id, results.subject) as subject,
        coalesce({{ json_key('results.payload', "'url'") }}, '') as argument,
        final_answers.status is not null as is_final,
        results.fetched_at,
        results.result_id
    from {{ ref('stg_enrichment_results') }} as results
    left join {{ ref('account_aliases') }} as aliases
        on results.subject = aliases.alias_id
    left join {{ ref('final_answers') }} as final_answers
        on lower(results.status) = final_answers.status

),

last_answers as (

    select
        provider,
        endpoint,
        subject,
        argument,
        max(fetched_at) filter (where is_final) as answered_at,
        max(fetched_at) filter (where not is_final) as failed_at
    from answers
    group by provider, endpoint, subject, argument

),

-- Failures since the last answer: each one doubles the time until the next try.
failures as (

    select
        answers.provider,
        answers.endpoint,
        answers.subject,
        answers.argument,
        count(*) as failure_count
    from answers
    inner join last_answers
        on
            answers.provider = last_answers.provider
            and answers.endpoint = last_answers.endpoint
            and answers.subject = last_answers.subject
            and answers.argument = last_answers.argument
    where
        not answers.is_final
        and answers.fetched_at > coalesce(last_answers.answered_at, timestamp '1970-01-01')
    group by answers.provider, answers.endpoint, answers.subject, answers.argument

),

due as (

    select
        questions.*,
        endpoints.level,
        endpoints.level_rank,
        endpoints.cost_sar,
        coalesce(failures.failure_count, 0) as failure_count,
        last_answers.answered_at,
        last_answers.answered_at is not null as is_stale
    from questions
    inner join endpoints
        on
            questions.provider = endpoints.provider
            and questions.endpoint = endpoints.endpoint
    left join last_answers
        on
            questions.provider = last_answers.provider
            and questions.endpoint = last_answers.endpoint
            and questions.subject = last_answers.subject
            and last_answers.argument
            = case when questions.provider = 'website' then questions.argument else '' end
    left join failures
        on
            last_answers.provider = failures.provider
            and last_answers.endpoint = failures.endpoint
            and last_answers.subject = failures.subject
            and last_answers.argument = failures.argument
    where
        not coalesce(
            {{ dbt.dateadd(
                'hour',
                'case when questions.is_content_gone then endpoints.content_hours'
                ' else endpoints.valid_days * 24 end',
                'last_answers.answered_at',
            ) }} > {{ now_utc() }},
            false
        )
        and not coalesce(
            failures.failure_count > 0
            and {{ dbt.dateadd(
                'hour',
                'cast(endpoints.retry_hours * power(2, least(failures.failure_count, 6) - 1)'
                ' as integer)',
                'last_answers.failed_at',
            ) }} > {{ now_utc() }},
            false
        )
        and not exists (
            select 1
            from blocked
            where blocked.account_id = questions.account_id
        )

),

final as (

    select
        due.account_id,
        accounts.company_name,
        due.provider,
        due.endpoint,
        due.subject,
        due.argument,
        due.page_kind,
        due.level,
        due.missing,
        scores.priority,
        due.level_rank,
        scores.total_score,
        cast(due.points_possible as integer) as points_possible,
        next_priorities.points_to_next,
        due.cost_sar,
        due.failure_count,
        coalesce(due.points_possible >= next_priorities.points_to_next, false)
            as could_move_priority,
        due.is_stale,
        -- What could move the priority, what is stale, what is cheap, the best leads.
        row_number() over (
            order by
                case
                    when due.points_possible >= next_priorities.points_to_next then 0
                    else 1
                end,
                case when due.is_stale then 0 else 1 end,
                due.cost_sar,
                scores.total_score desc,
                due.account_id,
                due.provider,
                due.endpoint,
                due.argument
        ) as candidate_rank,
        due.answered_at
    from due
    inner join accounts
        on due.account_id = accounts.account_id
    inner join scores
        on due.account_id = scores.account_id
    left join next_priorities
        on due.account_id = next_priorities.account_id

)

select * from final
