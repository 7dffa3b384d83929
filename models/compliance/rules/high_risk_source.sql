-- One row per account of which a source is of high risk: the most restrictive source counts for
-- all its contacts.
with account_terms as (

    select * from {{ ref('account_terms') }}

),

high_risk_imports as (

    select
        account_id,
        min(source_ref) as source_ref,
        min(source_name) as source_name
    from {{ ref('subject_imports') }}
    where risk_level = 'high'
    group by account_id

),

final as (

    select
        'high_risk_source' as rule_id,
        account_terms.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'risk level high: ' || coalesce(high_risk_imports.source_name, 'by its source rows')
            as evidence,
        high_risk_imports.source_ref
    from account_terms
    left join high_risk_imports
        on account_terms.account_id = high_risk_imports.account_id
    where
        account_terms.risk_level = 'high'
        or high_risk_imports.account_id is not null

)

select * from final
