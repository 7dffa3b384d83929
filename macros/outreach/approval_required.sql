{#
  customers: an expression, the customers behind a contact. Where it is asked, `established` has one row
  with the established customers in a list, and `channels` is the channel's policy.
  Whether an approval is asked for: false only when every customer is known and past its first days,
  and the channel does not ask for it always.
#}
{% macro approval_required(customers) -%}
coalesce(channels.approval_always, true)
or not coalesce(
    {{ array_text(customers, '') }} <> ''
    and {{ array_text(
        array_where(
            customers,
            'not coalesce(array_contains(established.customers, item), false)',
        ),
        '',
    ) }} = '',
    false
)
{%- endmacro %}
