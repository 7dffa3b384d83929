-- One row per account, name and block: only names of one block are compared, as all pairs would be
-- quadratic. Blocks are of one city: a word that the names share, the consonants that they begin with, a
-- word by its sounds in either reading, or all that a name means; by sounds and meanings names of the two
-- scripts are compared, and is_arabic says which this is (NULL: it does not matter).
{{ config(materialized=unless_trial(), incremental_strategy='touched_accounts') }}
with names as (

    select * from {{ ref('account_names') }}
    where {{ only_touched_accounts() }}

),

final as (

    {#- Of a name of one or two letters' sound (وفاء, Wafa) all sounds have to agree. #}
    {%- for prefix, value, items, script, condition in [
        ('', 'words.item', 'own_words', 'cast(null as boolean)', 'length(words.item) >= 3'),
        (
            ':', 'left(variants.own_consonants, 4)', none, 'cast(null as boolean)',
            'length(variants.own_consonants) >= 3'
        ),
        ('~', 'stems.item', 'own_stems', 'variants.is_arabic', 'length(stems.item) >= 2'),
        (
            '~', 'readings.item', 'other_stems', 'variants.is_arabic',
            'length(readings.item) >= 2 and not array_contains(variants.own_stems, readings.item)'
        ),
        (
            '#', array_text('variants.meanings', '|'), none, 'variants.is_arabic',
            array_size('variants.meanings') ~ ' >= 2'
        ),
        (
            '=', 'variants.own_sounds', none, 'variants.is_arabic',
            'length(variants.own_sounds) >= 2 and length(' ~ array_text('variants.own_stems', '') ~ ') < 2'
        ),
    ] %}

    select distinct
        names.account_id,
        names.cluster_rank,
        names.names_key,
        names.city || '|{{ prefix }}' || {{ value }} as block,
        {{ script }} as is_arabic
    from names
    inner join {{ ref('name_variants') }} as variants
        on names.names_key = variants.names_key
    {{ each_item('variants.' ~ items, value.split('.')[0]) if items }}
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
