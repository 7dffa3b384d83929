{#
  The blocks of the accounts of `names` (account_names), as one SELECT of distinct account_id,
  cluster_rank, names_key, block and is_arabic: only names of one block are compared. Those of one city
  that share a word of their own, that begin with the same consonants, or that share a word by its
  sounds; of the last only one in each script, for which is_arabic says which (NULL: it does not matter).

  Of a name of one or two letters' sound (وفاء, Wafa) all sounds have to agree.
#}
{% macro name_blocks(names, variants) %}
{%- for prefix, value, items, script, condition in [
    ('', 'words.item', 'own_words', 'cast(null as boolean)', 'length(words.item) >= 3'),
    (
        ':', 'left(variants.own_consonants, 4)', none, 'cast(null as boolean)',
        'length(variants.own_consonants) >= 3'
    ),
    ('~', 'stems.item', 'own_stems', 'variants.is_arabic', 'length(stems.item) >= 2'),
    (
        '=', 'variants.own_sounds', none, 'variants.is_arabic',
        'length(variants.own_sounds) >= 2 and length(' ~ array_text('variants.own_stems', '') ~ ') < 2'
    ),
] %}
{% if not loop.first %}union all

{% endif -%}
select distinct
    names.account_id,
    names.cluster_rank,
    names.names_key,
    names.city || '|{{ prefix }}' || {{ value }} as block,
    {{ script }} as is_arabic
from {{ names }} as names
inner join {{ variants }} as variants
    on names.names_key = variants.names_key
{{ each_item('variants.' ~ items, value.split('.')[0]) if items }}
where {{ condition }}
{% endfor %}
{%- endmacro %}
