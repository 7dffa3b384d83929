-- One row per contact with a throw-away mailbox, which is no contact point.
with subjects as (

    select * from {{ ref('gate_subjects') }}

),

final as (

    select
        'disposable_email' as rule_id,
        account_id,
        contact_id,
        'email_warm' as channel,
        'the mailbox is at a provider of throw-away addresses' as evidence,
        source_ref
    from subjects
    where
        has_disposable_email

)

select * from final
