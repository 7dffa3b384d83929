-- One row per contact and channel that is ready at this moment: what live_verdicts calls ready, found
-- without judging all the others.
{{ config(materialized='view') }}
{%- set asked_about_few = [
    'suppressed_contact', 'suppressed_account', 'unmatchable_identifier', 'person_of_account_opted_out',
] %}
-- What happened since the build can only make a verdict worse: whoever the build did not call ready
-- need not be asked about.
with open_verdicts {{ computed_once() }} (

    select
        verdict_id,
        account_id,
        contact_id,
        channel,
        rules,
        reasons,
        preference
    from {{ ref('build_verdicts') }}
    where verdict_rank = 0

),

open_accounts {{ computed_once() }} (

    select distinct account_id
    from open_verdicts

),

open_identifiers {{ computed_once() }} (

    select
        identifiers.account_id,
        identifiers.contact_id,
        identifiers.kind,
        identifiers.value_kind,
        identifiers.hash,
        identifiers.domain_hash,
        identifiers.key_id
    from {{ ref('contact_identifiers') }} as identifiers
    inner join open_accounts
        on identifiers.account_id = open_accounts.account_id

),

open_account_identifiers {{ computed_once() }} (

    select
        identifiers.account_id,
        identifiers.kind,
        identifiers.value,
        identifiers.hash
    from {{ ref('account_identifiers') }} as identifiers
    inner join open_accounts
        on identifiers.account_id = open_accounts.account_id

),

open_subjects as (

    select
        subjects.account_id,
        subjects.contact_id,
        subjects.contact_kind
    from {{ ref('gate_subjects') }} as subjects
    inner join open_accounts
        on subjects.account_id = open_accounts.account_id

),

every_suppression {{ computed_once() }} (

    select * from {{ ref('suppressions_in_force') }}

),

open_suppressed_contact {{ computed_once() }} (
    {{ suppressed_contact('every_suppression', 'open_identifiers') }}
),

open_suppressed_account as (
    {{ suppressed_account('every_suppression', 'open_account_identifiers', 'open_identifiers') }}
),

open_unmatchable_identifier as (
    {{ unmatchable_identifier('every_suppression', 'open_identifiers', 'open_verdicts') }}
),

open_opted_out {{ computed_once() }} (

    select
        hits.contact_id,
        hits.source_ref
    from {{ ref('build_rule_hits') }} as hits
    inner join open_accounts
        on
            hits.account_id = open_accounts.account_id
            and hits.rule_id = 'contact_opted_out'

    union all

    select
        contact_id,
        source_ref
    from open_suppressed_contact
    where customer is null

    {% for rule_id in ['opted_out_in_unbuilt_import', 'opted_out_in_reply', 'consent_withdrawn'] %}
    union all

    select
        contact_id,
        source_ref
    from {{ ref(rule_id) }}

    {% endfor %}
),

open_person_of_account_opted_out as (
    {{ person_of_account_opted_out('open_opted_out', 'open_subjects') }}
),

hits as (

    {% for rule_id in rule_ids('read') %}
    select
        rule_id,
        account_id,
        contact_id,
        channel
    {% if rule_id in asked_about_few %}
    from open_{{ rule_id }}
    {% else %}
    from {{ ref(rule_id) }}
    {% endif %}
    {% if rule_id in ['suppressed_contact', 'suppressed_account'] %}
    -- What a single customer may not do is that customer's affair.
    where customer is null
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- A hit of a rule that the list of rules does not know counts.
effective_hits {{ computed_once() }} (

    select
        hits.account_id,
        hits.contact_id,
        hits.channel
    from hits
    left join {{ ref('applicable_rules') }} as rules
        on hits.rule_id = rules.rule_id
    where
        coalesce(rules.effective_from <= {{ now_utc() }}, true)
        and coalesce(rules.verdict_rank, 2) > 0

),

hit_now as (

    select open_verdicts.verdict_id
    from effective_hits
    inner join open_verdicts
        on effective_hits.contact_id = open_verdicts.contact_id
    where coalesce(effective_hits.channel, open_verdicts.channel) = open_verdicts.channel

    union all

    select open_verdicts.verdict_id
    from effective_hits
    inner join open_verdicts
        on effective_hits.account_id = open_verdicts.account_id
    where
        effective_hits.contact_id is null
        and coalesce(effective_hits.channel, open_verdicts.channel) = open_verdicts.channel

),

final as (

    select
        open_verdicts.verdict_id,
        open_verdicts.account_id,
        open_verdicts.contact_id,
        open_verdicts.channel,
        open_verdicts.rules,
        open_verdicts.reasons,
        open_verdicts.preference
    from open_verdicts
    where not exists (
        select 1
        from hit_now
        where hit_now.verdict_id = open_verdicts.verdict_id
    )

)

select * from final
