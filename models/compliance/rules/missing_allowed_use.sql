-- One row per account of which a source may not, or not surely, be used for outreach.
with account_terms as (

    select * from {{ ref('account_terms') }}

),

permitting as (

    select allowed_use
    from {{ ref('allowed_uses') }}
    where permits_outreach and allowed_use <> 'unknown'

),

other_imports as (

    select
        account_id,
        min(source_ref) as source_ref,
        min(source_name) as source_name
    from {{ ref('subject_imports') }}
    where not coalesce(allowed_use in (select permitting.allowed_use from permitting), false)
    group by account_id

),

final as (

    select
        'missing_allowed_use' as rule_id,
        account_terms.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'allowed use: ' || coalesce(nullif(trim(account_terms.allowed_use), ''), 'not known')
        || coalesce(', source: ' || other_imports.source_name, '') as evidence,
        other_imports.source_ref
    from account_terms
    left join other_imports
        on account_terms.account_id = other_imports.account_id
    where
        other_imports.account_id is not null
        or not coalesce(
            account_terms.allowed_use in (select permitting.allowed_use from permitting), false
        )

)

select * from final
