{#
  suppressions: a relation or CTE, the opt-outs in force.
  account_identifiers, contact_identifiers: relations or CTEs, the graph's identifiers of the accounts
  that are asked about. The rule suppressed_account for these accounts (and, by an account's own id,
  for others); its file asks about all, ready_verdicts about few.
#}
{% macro suppressed_account(suppressions, account_identifiers, contact_identifiers) %}
with suppressions as (

    select * from {{ suppressions }}

),

account_identifiers as (

    select * from {{ account_identifiers }}

),

contact_identifiers as (

    select * from {{ contact_identifiers }}

),

channels as (

    select * from {{ ref('channel_policy') }}

),

hits as (

    select
        suppressions.event_id,
        account_identifiers.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id
    from suppressions
    inner join account_identifiers
        on suppressions.subject_hash = account_identifiers.hash
    where account_identifiers.kind in ('domain', 'fetched_domain')

    union

    select
        suppressions.event_id,
        account_identifiers.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id
    from suppressions
    inner join account_identifiers
        on suppressions.site_hash = account_identifiers.hash
    where account_identifiers.kind = 'site'

    union

    select
        suppressions.event_id,
        account_identifiers.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id
    from suppressions
    inner join account_identifiers
        on suppressions.host_hash = account_identifiers.hash
    where account_identifiers.kind = 'site'

    union

    -- Mail at a suppressed domain: the company's own domain stands for the company, a mail
    -- provider's for the mailbox.
    select
        suppressions.event_id,
        contact_identifiers.account_id,
        case
            when contact_identifiers.value_kind in ('role', 'named') then null
            else contact_identifiers.contact_id
        end as contact_id
    from suppressions
    inner join contact_identifiers
        on suppressions.subject_hash = contact_identifiers.domain_hash
    where suppressions.kind = 'domain'

    union

    select
        suppressions.event_id,
        account_identifiers.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id
    from suppressions
    inner join account_identifiers
        on suppressions.subject_id = account_identifiers.value
    where
        suppressions.kind = 'place_id'
        and account_identifiers.kind = 'place_id'

    union

    select
        suppressions.event_id,
        aliases.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id
    from suppressions
    inner join {{ ref('account_aliases') }} as aliases
        on suppressions.subject_id = aliases.alias_id
    where suppressions.kind = 'account'

    union

    -- An old id of a company whose list was withdrawn: every part that remains of it.
    select
        suppressions.event_id,
        former_ids.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id
    from suppressions
    inner join {{ ref('former_account_ids') }} as former_ids
        on suppressions.subject_id = former_ids.alias_id
    where suppressions.kind = 'account'

),

final as (

    select
        'suppressed_account' as rule_id,
        hits.account_id,
        hits.contact_id,
        channels.channel,
        suppressions.kind || ' ' || suppressions.masked_display
        || ' on ' || {{ day_text('suppressions.occurred_at') }}
        || ' by ' || suppressions.actor || ': ' || suppressions.reason as evidence,
        suppressions.event_id as source_ref,
        suppressions.customer
    from hits
    inner join suppressions
        on hits.event_id = suppressions.event_id
    left join channels
        on suppressions.scope = channels.channel

)

select * from final
{% endmacro %}
