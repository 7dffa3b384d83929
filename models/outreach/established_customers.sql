-- One row per customer that is past its first days (outreach_policy: first_days_of_customer).
with customers as (

    select
        customer,
        -- The latest date counts when several were recorded: the careful one.
        max(onboarded_on) as onboarded_on
    from {{ ref('stg_customers') }}
    group by customer

),

policy as (

    select max(value) as first_days
    from {{ ref('outreach_policy') }}
    where key = 'first_days_of_customer'

),

final as (

    select
        customers.customer,
        customers.onboarded_on
    from customers
    cross join policy
    where
        customers.onboarded_on
        <= cast({{ dbt.dateadd('day', '-policy.first_days', now_utc()) }} as date)

)

select * from final
