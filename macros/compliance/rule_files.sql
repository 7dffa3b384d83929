{#
  One select of the rules that are evaluated or have a file: rule_id, evaluated ('build', 'read',
  'finding'; NULL: by nobody), has_file (whether models/*/rules/<rule_id>.sql exists).
  A file that rule_ids() does not name would be written and never asked.
#}
{% macro rule_files() %}
    {%- set files = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() -%}
            {%- if node.resource_type == 'model' and '/rules/' in node.original_file_path -%}
                {%- do files.append(node.name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set selects = [] -%}
    {%- set named = [] -%}
    {%- for evaluated in ['build', 'read', 'finding'] -%}
        {%- for rule_id in rule_ids(evaluated) -%}
            {%- do named.append(rule_id) -%}
            {%- do selects.append(
                "select '" ~ rule_id ~ "' as rule_id, '" ~ evaluated ~ "' as evaluated, "
                ~ ('true' if rule_id in files else 'false') ~ " as has_file"
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for rule_id in files if rule_id not in named -%}
        {%- do selects.append(
            "select '" ~ rule_id ~ "' as rule_id, cast(null as " ~ dbt.type_string()
            ~ ") as evaluated, true as has_file"
        ) -%}
    {%- endfor -%}
    {{ selects | join(' union all ') }}
{% endmacro %}
