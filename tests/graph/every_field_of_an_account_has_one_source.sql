-- Guards graph.account_sources. A row here: a field of an account is shown that no record won, or
-- that another record won.
{% set columns = {
    'company_name': 'company_name', 'domain': 'domain', 'email': 'email', 'city': 'city',
    'phone_e164': 'phone_e164', 'place_id': 'google_place_id', 'sector': 'sector',
} %}
{% call unless_left_to_full_builds('full') %}
with winners as (

    select * from {{ ref('account_sources') }}
    where is_winner

),

shown as (

    {% for field, column in columns.items() %}
    select account_id, '{{ field }}' as field, {{ column }} as value
    from {{ ref('accounts') }}
    where {{ column }} is not null
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

)

select
    shown.account_id,
    shown.field
from shown
left join winners
    on
        shown.account_id = winners.account_id
        and shown.field = winners.field
group by shown.account_id, shown.field, shown.value
having count(winners.account_id) <> 1 or min(winners.value) is distinct from shown.value
{% endcall %}
