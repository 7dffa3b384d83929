{#
  In an incremental build the condition that names_key is of a new record and not in this table yet; in a
  trial, which offers no candidates for review, that its record shares a key with another; else any.
#}
{% macro only_new_names() -%}
{%- if var('is_trial') -%}
landing_rank in (select shared.landing_rank from {{ ref('repeated_keys') }} as shared)
{%- elif is_incremental_build() -%}
{{ only_new_imports() }} and names_key not in (select built.names_key from {{ this }} as built)
{%- else -%}
true
{%- endif -%}
{%- endmacro %}
