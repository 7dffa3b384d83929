-- One row per customer that is in its first days, or has queue items and was never recorded.
with customers as (

    select customer from {{ ref('stg_customers') }}
    union
    select customer from {{ ref('outreach_queue') }}
    where customer is not null

),

onboarded as (

    select
        customer,
        max(onboarded_on) as onboarded_on
    from {{ ref('stg_customers') }}
    group by customer

),

final as (

    select
        'first_days_of_customer' as rule_id,
        customers.customer as subject,
        coalesce(
            'onboarded on ' || cast(onboarded.onboarded_on as {{ dbt.type_string() }}),
            'never recorded as a customer'
        ) as evidence,
        customers.customer as source_ref
    from customers
    left join onboarded
        on customers.customer = onboarded.customer
    where not exists (
        select 1
        from {{ ref('established_customers') }} as established
        where established.customer = customers.customer
    )

)

select * from final
