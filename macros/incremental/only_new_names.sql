{#
  In an incremental build the condition that names_key is of a new record and not in this table yet; in a
  trial, which offers no candidates for review, that its record shares a key with another; else any.
#}
{% macro only_new_names() -%}
{%- if var('is_trial') -%}
landing_rank in (
    select keyed.landing_rank
    from {{ ref('match_keys') }} as keyed
    where (keyed.key_kind, keyed.key_value) in (
        select
            shared.key_kind,
            shared.key_value
        from {{ ref('match_keys') }} as shared
        group by shared.key_kind, shared.key_value
        having count(*) > 1
    )
)
{%- elif is_incremental_build() -%}
{{ only_new_imports() }} and names_key not in (select built.names_key from {{ this }} as built)
{%- else -%}
true
{%- endif -%}
{%- endmacro %}
