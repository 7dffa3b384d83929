{#
  column: an account_id. In an incremental build the condition that the account's hits and verdicts have
  to be made anew (compliance.judged_accounts); in a full one, of any account. A unit test gives no such
  table, and its cases are all of its accounts.
#}
{% macro only_judged_accounts(column='account_id') -%}
{{- built_after('judged_accounts') -}}
{%- if is_incremental_build() -%}
{{ column }} in (select judged.account_id from {{ ref('judged_accounts') }} as judged)
{%- else -%}
true
{%- endif -%}
{%- endmacro %}
