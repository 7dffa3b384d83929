{# The restrictiveness of a code that no seed knows: above every rank that a seed may give. #}
{% macro most_restrictive() %}1000000{% endmacro %}
