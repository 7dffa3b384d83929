{#
  verdict: an expression. Its severity: 0 ready, 1 needs_review, 2 blocked.
  Anything else, NULL too, is blocked.
#}
{% macro verdict_rank(verdict) -%}
case {{ verdict }} when 'ready' then 0 when 'needs_review' then 1 else 2 end
{%- endmacro %}
