{#
  How a model is kept: incremental, but a view in the trial of `dealix audit`, which reads it once, or
  a few of its many columns each time, and then throws everything away.
#}
{% macro unless_trial() %}
    {{- return('view' if var('is_trial') else 'incremental') -}}
{% endmacro %}
