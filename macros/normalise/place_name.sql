{#
  What a company is called of which nothing is known but its place on the map. NULL for NULL.
#}
{% macro place_name(place_id) %}('Google Maps place ' || {{ place_id }}){% endmacro %}
