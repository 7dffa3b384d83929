{#
  verdict, floor: expressions. Whether a verdict is milder than the floor of its rule. Verdicts that
  are no degrees of contacting (purge, refused, ...) have none: they may not be changed.
#}
{% macro is_looser(verdict, floor) -%}
case
    when {{ floor }} in ('needs_review', 'blocked')
        then
            not coalesce({{ verdict }} in ('ready', 'needs_review', 'blocked'), false)
            or {{ verdict_rank(verdict) }} < {{ verdict_rank(floor) }}
    else not coalesce({{ verdict }} = {{ floor }}, false)
end
{%- endmacro %}
