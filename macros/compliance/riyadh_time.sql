{#
  moment: an expression, a timestamp in UTC. The same moment in Asia/Riyadh, which is UTC+3 all year.
#}
{% macro riyadh_time(moment) -%}
{{ dbt.dateadd('hour', 3, moment) }}
{%- endmacro %}
