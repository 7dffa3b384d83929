{#
  A subquery over a seed: its columns of `kept` and `words`, the reviewed text of `column` as the
  words of a company name (see spoken_name and words_of_name). One step per subquery: nested in one
  expression they are more than the linter parses.
#}
{% macro seed_words(relation, column, kept=[]) -%}
(
    select
        {% for name in kept %}
        {{ name }},
        {% endfor %}
        {{ words_of_name('key_text') }} as words
    from (
        select
            {% for name in kept %}
            {{ name }},
            {% endfor %}
            {{ word_key('spoken') }} as key_text
        from (
            select
                {% for name in kept %}
                {{ name }},
                {% endfor %}
                {{ spoken_name(column, is_reviewed=true) }} as spoken
            from {{ relation }}
        ) as spoken_texts
    ) as keyed_texts
)
{%- endmacro %}
