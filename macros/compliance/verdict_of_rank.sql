{# rank: an expression, a verdict_rank. The verdict's name; anything unknown, NULL too, is blocked. #}
{% macro verdict_of_rank(rank) -%}
case {{ rank }} when 0 then 'ready' when 1 then 'needs_review' else 'blocked' end
{%- endmacro %}
