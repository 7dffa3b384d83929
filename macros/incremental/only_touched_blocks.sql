{#
  column: a block of identity.name_blocks. In an incremental build the condition that it has other names
  than before (identity.touched_blocks); in a full one, any block.
#}
{% macro only_touched_blocks(column='block') -%}
{{- built_after('touched_blocks') -}}
{%- if is_incremental_build() -%}
{{ column }} in (select touched.block from {{ ref('touched_blocks') }} as touched)
{%- else -%}
true
{%- endif -%}
{%- endmacro %}
