{#
  What a data test looks at in an incremental build; a full one tests everything. scope:
  - 'account', 'import': the rows of touched accounts, of new imports, where the build changes no others;
  - 'full': nothing. Of a view over the whole warehouse its text decides, and a change of that makes the
    next build a full one;
  - 'all': everything.
#}
{% macro in_tested_scope(scope) -%}
{%- if scope == 'account' -%}
{{ only_touched_accounts() }}
{%- elif scope == 'import' -%}
{{ only_new_imports() }}
{%- elif scope == 'full' and is_incremental_build() -%}
false
{%- else -%}
true
{%- endif -%}
{%- endmacro %}
