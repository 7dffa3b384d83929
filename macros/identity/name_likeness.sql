{#
  How alike the names of records are: one row per pair of the relation `pairs` (left_names,
  right_names: names_key of name_variants) with `likeness` from 0 to 1 and whether that is one name
  written in two ways (`is_alike`). Of records that know their name in two scripts the best pair of
  names counts.

  Alike are names of which one has all the own words of the other, or half of all their own words
  together (own: not of a trade, a place or any company), names that differ in a letter of five, an
  abbreviation and its words, and the own words of one in the other script by their consonants (of
  which short names need their long vowels as well: هرفي, Herfy). In Latin letters names are spelled by
  ear (Youssef, Yusuf) and shortened: names with the same consonants are one if seven letters of ten
  agree, and half of those in which their words differ; and beside a word that agrees a letter stands for
  a word (A. Juffali, Ahmed Juffali). In Arabic letters another long vowel is another name, and a letter
  is a title. Not alike are names of different trades: one family has a pharmacy and a restaurant.
#}
{% macro name_likeness(pairs, variants) %}
{%- set left_rest = array_where(
    'left_variants.own_words', 'not array_contains(right_variants.own_words, item)'
) -%}
{%- set right_rest = array_where(
    'right_variants.own_words', 'not array_contains(left_variants.own_words, item)'
) -%}
select
    left_names,
    right_names,
    max(case when is_alike then greatest(likeness, 0.6) else least(likeness, 0.6) end) as likeness,
    bool_or(is_alike) as is_alike
from (
    select
        left_names,
        right_names,
        greatest(
            common_count / cast(all_count as double),
            letter_likeness,
            own_letter_likeness,
            consonant_likeness,
            sound_likeness
        ) as likeness,
        coalesce(
            left_name = right_name
            or (
                not are_other_trades
                and (
                    own_common_count = least(left_own_count, right_own_count)
                    or own_common_count * 2
                    >= left_own_count + right_own_count - own_common_count
                )
                and own_common_count > 0
            )
            or letter_likeness >= 0.9
            or (own_letter_likeness >= 0.8 and not are_other_trades)
            or (own_letter_likeness >= 0.7 and rest_likeness >= 0.5 and not are_other_trades)
            or (is_shortened and not are_other_trades)
            or (
                not are_other_trades
                and (
                    (consonant_likeness >= 0.75 and sound_likeness >= 0.5)
                    or (common_stem_count >= least_stem_count and least_stem_length >= 3)
                    or (
                        (left_stems = right_stems or common_stem_count >= most_stem_count)
                        and sound_likeness >= 0.6
                    )
                )
            )
            -- Names without a word of their own, translated.
            or (left_meanings = right_meanings and meaning_count >= 2)
            or (
                least(left_count, right_count) = 1
                and (
                    (length(left_letters) >= 3 and left_letters = right_initials)
                    or (length(right_letters) >= 3 and right_letters = left_initials)
                )
            ),
            false
        ) as is_alike
    from (
        select
            pairs.left_names,
            pairs.right_names,
            left_variants.name as left_name,
            right_variants.name as right_name,
            left_variants.all_letters as left_letters,
            right_variants.all_letters as right_letters,
            left_variants.initials as left_initials,
            right_variants.initials as right_initials,
            {{ array_size('left_variants.words') }} as left_count,
            {{ array_size('right_variants.words') }} as right_count,
            coalesce({{ array_size('left_variants.own_words') }}, 0) as left_own_count,
            coalesce({{ array_size('right_variants.own_words') }}, 0) as right_own_count,
            {{ array_size(array_common('left_variants.words', 'right_variants.words')) }}
                as common_count,
            coalesce(
                {{ array_size(array_common('left_variants.own_words', 'right_variants.own_words')) }},
                0
            ) as own_common_count,
            {{ array_size('left_variants.words') }} + {{ array_size('right_variants.words') }}
            - {{ array_size(array_common('left_variants.words', 'right_variants.words')) }}
                as all_count,
            coalesce(
                {{ array_size('left_variants.sectors') }} > 0
                and {{ array_size('right_variants.sectors') }} > 0
                and {{ array_size(array_common('left_variants.sectors', 'right_variants.sectors')) }} = 0,
                false
            ) as are_other_trades,
            case
                when left_variants.is_arabic <> right_variants.is_arabic
                    then {{ array_size(array_common(
                        'left_variants.own_stems', 'right_variants.own_stems'
                    )) }} + coalesce({{ array_size(array_common(
                        'left_variants.other_stems', 'right_variants.own_stems'
                    )) }}, 0) + coalesce({{ array_size(array_common(
                        'left_variants.own_stems', 'right_variants.other_stems'
                    )) }}, 0)
            end as common_stem_count,
            least(
                {{ array_size('left_variants.own_stems') }},
                {{ array_size('right_variants.own_stems') }}
            ) as least_stem_count,
            greatest(
                {{ array_size('left_variants.own_stems') }},
                {{ array_size('right_variants.own_stems') }}
            ) as most_stem_count,
            least(
                length({{ array_text('left_variants.own_stems', '') }}),
                length({{ array_text('right_variants.own_stems', '') }})
            ) as least_stem_length,
            case
                when
                    {{ is_ascii('left_variants.name') }}
                    and {{ is_ascii('right_variants.name') }}
                    and length(left_variants.own_consonants) >= 3
                    and left_variants.own_consonants = right_variants.own_consonants
                    and own_common_count < least(left_own_count, right_own_count)
                    then 1 - {{ edit_distance(
                        array_text(left_rest, ''), array_text(right_rest, '')
                    ) }} / cast(
                        greatest(
                            length({{ array_text(left_rest, '') }}),
                            length({{ array_text(right_rest, '') }}),
                            1
                        ) as double
                    )
            end as rest_likeness,
            case
                when
                    {{ is_ascii('left_variants.name') }}
                    and {{ is_ascii('right_variants.name') }}
                    and own_common_count between 1 and least(left_own_count, right_own_count) - 1
                    then {{ array_size(array_where(
                        array_common('left_variants.own_words', 'right_variants.own_words'),
                        'length(item) > 1'
                    )) }} > 0
                    and (
                        {{ are_initials(left_rest, right_rest) }}
                        or {{ are_initials(right_rest, left_rest) }}
                    )
            end as is_shortened,
            case
                when left_variants.is_arabic <> right_variants.is_arabic
                    then {{ array_size('left_variants.meanings') }}
            end as meaning_count,
            {{ array_text('left_variants.meanings', '|') }} as left_meanings,
            {{ array_text('right_variants.meanings', '|') }} as right_meanings,
            {{ array_text('left_variants.own_stems', ' ') }} as left_stems,
            {{ array_text('right_variants.own_stems', ' ') }} as right_stems,
            {% for column, least_length, condition in [
                ('all_letters', 5, 'true'),
                ('own_letters', 5, 'true'),
                ('own_consonants', 3, 'left_variants.is_arabic <> right_variants.is_arabic'),
                ('own_sounds', 2, 'left_variants.is_arabic <> right_variants.is_arabic'),
            ] %}
            case
                when
                    least(
                        length(left_variants.{{ column }}), length(right_variants.{{ column }})
                    ) >= {{ least_length }}
                    and {{ condition }}
                    then 1 - {{ edit_distance(
                        'left_variants.' ~ column, 'right_variants.' ~ column
                    ) }} / cast(
                        greatest(
                            length(left_variants.{{ column }}),
                            length(right_variants.{{ column }})
                        ) as double
                    )
                else 0
            end as {{ [
                'letter_likeness', 'own_letter_likeness', 'consonant_likeness', 'sound_likeness'
            ][loop.index0] }}
            {{- ',' if not loop.last }}
            {% endfor %}
        from {{ pairs }} as pairs
        inner join {{ variants }} as left_variants
            on pairs.left_names = left_variants.names_key
        inner join {{ variants }} as right_variants
            on pairs.right_names = right_variants.names_key
    ) as compared
) as judged
group by left_names, right_names
{% endmacro %}

{# Each of the words is the first letter of one of the others. #}
{% macro are_initials(words, others) -%}
{{ array_size(array_common(words, array_map(others, 'substr(item, 1, 1)'))) }} = {{ array_size(words) }}
{%- endmacro %}
