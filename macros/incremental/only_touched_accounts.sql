{# An account_id of which something changed (identity.touched_accounts), as in only_listed. #}
{% macro only_touched_accounts(column='account_id') -%}
{{ only_listed(column, 'touched_accounts', 'account_id') }}
{%- endmacro %}
