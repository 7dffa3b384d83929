{#
  In an incremental build the condition that names_key is of a new record and not in this table yet;
  in a full one, any.
#}
{% macro only_new_names() -%}
{%- if is_incremental_build() -%}
{{ only_new_imports() }} and names_key not in (select built.names_key from {{ this }} as built)
{%- else -%}
true
{%- endif -%}
{%- endmacro %}
