-- One row per account (or contact) and opt-out in force of its domain, shop page, place or id. One
-- for a single customer counts in that customer's queue (customer_opt_outs).
with account_ids as (
    {{ ids_of_accounts() }}
),

final as (
    {{ suppressed_account(
        ref('suppressions_in_force'),
        ref('account_identifiers'),
        ref('contact_identifiers'),
        'account_ids',
    ) }}
)

select * from final
