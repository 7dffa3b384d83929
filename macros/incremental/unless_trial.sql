{#
  How a model is kept: incremental, but a view in the trial of `dealix audit`, which reads it once and
  then throws everything away.
#}
{% macro unless_trial() %}
    {{- return('view' if var('is_trial') else 'incremental') -}}
{% endmacro %}
