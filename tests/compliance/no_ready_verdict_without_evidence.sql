-- Guards compliance.live_verdicts. A row here: a contact is ready although a fact that must be
-- known for it is not.
-- Says again, the other way round, what the rules say: which facts make a contact ready. Where no rule
-- changed, who is not ready need not be asked about again.
-- depends_on: {{ ref('live_verdicts') }} {{ ref('ready_verdicts') }}
select verdicts.verdict_id
from {{ ref('ready_verdicts' if is_incremental_build() else 'live_verdicts') }} as verdicts
left join {{ ref('contacts') }} as contacts
    on verdicts.contact_id = contacts.contact_id
left join {{ ref('accounts') }} as accounts
    on verdicts.account_id = accounts.account_id
left join (
    select distinct identifiers.contact_id
    from {{ ref('stg_consent_events') }} as events
    inner join {{ ref('contact_identifiers') }} as identifiers
        on events.subject_hash = identifiers.hash
    where events.event = 'given'
) as consents
    on verdicts.contact_id = consents.contact_id
left join {{ ref('allowed_uses') }} as allowed_uses
    on accounts.allowed_use = allowed_uses.allowed_use
where
    verdicts.verdict is distinct from 'blocked'
    and verdicts.verdict is distinct from 'needs_review'
    and not coalesce(
        verdicts.verdict = 'ready'
        and not contacts.opt_out
        and accounts.risk_level in ('low', 'medium')
        and allowed_uses.permits_outreach
        and (
            contacts.consent_status in ('opted_in', 'owned')
            or consents.contact_id is not null
            or (
                contacts.contact_kind = 'company'
                and contacts.consent_status in ('legitimate_interest', 'unknown')
            )
        )
        and (
            (verdicts.channel = 'email_warm' and contacts.email is not null)
            or (verdicts.channel = 'phone_task' and contacts.phone_e164 is not null)
        ),
        false
    )
