{#
  column: an account_id. In an incremental build the condition that something about the account
  changed (identity.touched_accounts); in a full one, of any account. A unit test gives no such
  table, and its cases are all of its accounts.
#}
{% macro only_touched_accounts(column='account_id') -%}
{{- built_after('touched_accounts') -}}
{%- if is_incremental_build() -%}
{{ column }} in (select touched.account_id from {{ ref('touched_accounts') }} as touched)
{%- else -%}
true
{%- endif -%}
{%- endmacro %}
