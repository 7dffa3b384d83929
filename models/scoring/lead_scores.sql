-- One row per account: its scores, the sums of its score_components, and the priority that follows.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
with accounts as (

    select * from {{ ref('accounts') }}
    where {{ only_touched_accounts() }}

),

{% set dimensions = ['fit', 'intent', 'access', 'revenue', 'risk', 'data_quality'] %}
sums as (

    select
        account_id,
        {% for dimension in dimensions %}
        cast(coalesce(sum(points) filter (where dimension = '{{ dimension }}'), 0) as integer)
            as {{ dimension }}_score{{ ',' if not loop.last }}
        {% endfor %}
    from {{ score_components_in_scope() }} as components
    group by account_id

),

totals as (

    select
        *,
        fit_score + intent_score + access_score + revenue_score as total_score
    from sums

),

priorities as (

    select
        totals.account_id,
        max_by(thresholds.priority, thresholds.min_score) as priority
    from totals
    inner join {{ ref('priority_thresholds') }} as thresholds
        on totals.total_score >= thresholds.min_score
    group by totals.account_id

),

-- A mailbox or number that only the company's own site publishes opens the channel too.
published as (

    select
        account_id,
        max(value) filter (where kind = 'email') as email,
        max(value) filter (where kind = 'phone') as phone_e164
    from {{ ref('site_contact_points') }}
    where contact_id is not null and {{ only_touched_accounts() }}
    group by account_id

),

policy as (

    select max(policy_version) as policy_version
    from {{ ref('score_weights') }}

),

final as (

    select
        accounts.account_id,
        priorities.priority,
        case
            when coalesce(accounts.email, published.email) is not null then 'email_warm'
            when coalesce(accounts.phone_e164, published.phone_e164) is not null then 'phone_task'
            when coalesce(accounts.domain, accounts.website) is not null
                then 'website_form_or_phone_task'
            when accounts.google_place_id is not null or accounts.location_count > 0
                then 'in_person_or_phone'
            else 'needs_enrichment'
        end as recommended_channel,
        policy.policy_version,
        totals.fit_score,
        totals.intent_score,
        totals.access_score,
        totals.revenue_score,
        totals.risk_score,
        totals.total_score,
        totals.data_quality_score
    from accounts
    inner join totals
        on accounts.account_id = totals.account_id
    left join priorities
        on accounts.account_id = priorities.account_id
    left join published
        on accounts.account_id = published.account_id
    cross join policy

)

select * from final
