{#
  suppressions: a relation or CTE, the opt-outs in force.
  account_identifiers, contact_identifiers: relations or CTEs, the graph's identifiers.
  account_ids: a relation or CTE, every id under which an account was ever known (alias_id) and today's.
  The rule suppressed_account, for its file and for read_hits_of.
#}
{% macro suppressed_account(suppressions, account_identifiers, contact_identifiers, account_ids) %}
with channels as (

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
        null as contact_id
    from {{ suppressions }} as suppressions
    inner join {{ account_identifiers }} as account_identifiers
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
    from {{ suppressions }} as suppressions
    inner join {{ contact_identifiers }} as contact_identifiers
        on suppressions.subject_hash = contact_identifiers.domain_hash

    union

    select
        suppressions.event_id,
        account_identifiers.account_id,
        null as contact_id
    from {{ suppressions }} as suppressions
    inner join {{ account_identifiers }} as account_identifiers
        on suppressions.subject_id = account_identifiers.value
    where
        suppressions.kind = 'place_id'
        and account_identifiers.kind = 'place_id'

    union

    -- Also an old id of a company whose list was withdrawn: every part that remains of it.
    select
        suppressions.event_id,
        account_ids.account_id,
        null as contact_id
    from {{ suppressions }} as suppressions
    inner join {{ account_ids }} as account_ids
        on suppressions.subject_id = account_ids.alias_id
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
    inner join {{ suppressions }} as suppressions
        on hits.event_id = suppressions.event_id
    left join channels
        on suppressions.scope = channels.channel

)

select * from final
{% endmacro %}
