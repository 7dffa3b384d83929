{#
  What a data test looks at in an incremental build; a full one tests everything. scope:
  - 'account', 'import', 'key': the rows of touched accounts, of new imports, under touched keys, where the
    build changes no others;
  - 'full': nothing, see unless_left_to_full_builds;
  - 'all': everything.
  keyed: the name of the relation, for 'key'.
#}
{% macro in_tested_scope(scope, keyed=none) -%}
{%- if scope == 'account' -%}
{{ only_touched_accounts() }}
{%- elif scope == 'import' -%}
{{ only_new_imports() }}
{%- elif scope == 'key' -%}
{{ only_touched_keys(keyed) }}
{%- else -%}
true
{%- endif -%}
{%- endmacro %}
