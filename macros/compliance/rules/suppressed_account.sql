{#
  suppressions: a relation or CTE, the opt-outs in force.
  account_identifiers, contact_identifiers: relations or CTEs, the graph's identifiers of the accounts
  that are asked about. The rule suppressed_account for these accounts (and, by an account's own id,
  for others); its file asks about all, read_hits_of about few.
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

    {% for hash, kinds in [
        ('subject_hash', "in ('domain', 'fetched_domain')"),
        ('site_hash', "= 'site'"),
        ('host_hash', "= 'site'"),
    ] %}
    select
        suppressions.event_id,
        account_identifiers.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id
    from suppressions
    inner join account_identifiers
        on suppressions.{{ hash }} = account_identifiers.hash
    where account_identifiers.kind {{ kinds }}

    union

    {% endfor %}
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

    -- Also an old id of a company whose list was withdrawn: every part that remains of it.
    {% for ids in ['account_aliases', 'former_account_ids'] %}
    select
        suppressions.event_id,
        ids.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id
    from suppressions
    inner join {{ ref(ids) }} as ids
        on suppressions.subject_id = ids.alias_id
    where suppressions.kind = 'account'

    {{ 'union' if not loop.last }}

    {% endfor %}
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
