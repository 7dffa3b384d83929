{#
  number: whether account_id is wanted as its text_number.
  Every id under which an account was ever known (alias_id) and today's. Of a company whose list was
  withdrawn: every part that remains of it.
#}
{% macro ids_of_accounts(number=false) %}
{%- for ids in ['account_aliases', 'former_account_ids'] %}
select
    alias_id,
    {{ text_number('account_id') ~ ' as account_id' if number else 'account_id' }}
from {{ ref(ids) }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endmacro %}
