{# An account_id whose hits and verdicts have to be made anew (compliance.judged_accounts), as in only_listed. #}
{% macro only_judged_accounts(column='account_id') -%}
{{ only_listed(column, 'judged_accounts', 'account_id') }}
{%- endmacro %}
