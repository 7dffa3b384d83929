-- One row per pair of accounts of one city with names that are alike. Compared are only names that
-- share a word of their own (by its sounds in the other script) or begin with the same consonants,
-- and only where few do: all pairs would be quadratic, and a word that many have says nothing.
{%- set largest_block = 20 %}
{%- set most_pairs = 60 %}
with account_names as (

    select * from {{ ref('account_names') }}

),

variants as (

    select * from {{ ref('name_variants') }}

),

blocks as (

    select distinct
        account_names.cluster_rank,
        account_names.names_key,
        account_names.city || '|' || words.item as block
    from account_names
    inner join variants
        on account_names.names_key = variants.names_key
    {{ each_item('variants.own_words', 'words') }}
    where length(words.item) >= 3

    union

    select distinct
        account_names.cluster_rank,
        account_names.names_key,
        account_names.city || '|:' || left(variants.own_consonants, 4) as block
    from account_names
    inner join variants
        on account_names.names_key = variants.names_key
    where length(variants.own_consonants) >= 3

),

sized as (

    select
        cluster_rank,
        names_key,
        block,
        count(*) over (partition by block) as block_size
    from blocks

),

small {{ computed_once() }} (

    select * from sized
    where block_size between 2 and {{ largest_block }}

),

-- Of a name of one or two letters' sound (وفاء, Wafa) all sounds have to agree.
script_blocks as (

    select distinct
        account_names.cluster_rank,
        account_names.names_key,
        variants.is_arabic,
        account_names.city || '|' || stems.item as block
    from account_names
    inner join variants
        on account_names.names_key = variants.names_key
    {{ each_item('variants.own_stems', 'stems') }}
    where length(stems.item) >= 2

    union

    select distinct
        account_names.cluster_rank,
        account_names.names_key,
        variants.is_arabic,
        account_names.city || '|:' || variants.own_sounds as block
    from account_names
    inner join variants
        on account_names.names_key = variants.names_key
    where
        length(variants.own_sounds) >= 2
        and length({{ array_text('variants.own_stems', '') }}) < 2

),

script_sized as (

    select
        *,
        sum(case when is_arabic then 1 else 0 end) over (partition by block) as arabic_count,
        sum(case when is_arabic then 0 else 1 end) over (partition by block) as latin_count
    from script_blocks

),

small_in_scripts {{ computed_once() }} (

    select * from script_sized
    where arabic_count * latin_count between 1 and {{ most_pairs }}

),

account_pairs {{ computed_once() }} (

    select distinct
        left_side.cluster_rank as left_rank,
        right_side.cluster_rank as right_rank,
        left_side.names_key as left_names,
        right_side.names_key as right_names
    from small as left_side
    inner join small as right_side
        on left_side.block = right_side.block
    where left_side.cluster_rank < right_side.cluster_rank

    union

    select distinct
        left_side.cluster_rank as left_rank,
        right_side.cluster_rank as right_rank,
        left_side.names_key as left_names,
        right_side.names_key as right_names
    from small_in_scripts as left_side
    inner join small_in_scripts as right_side
        on
            left_side.block = right_side.block
            and left_side.is_arabic <> right_side.is_arabic
    where left_side.cluster_rank < right_side.cluster_rank

),

name_pairs {{ computed_once() }} (

    select distinct
        left_names,
        right_names
    from account_pairs

),

judged {{ computed_once() }} (

    {{ name_likeness('name_pairs', 'variants') | indent(4) }}

),

final as (

    select
        account_pairs.left_rank,
        account_pairs.right_rank,
        max(judged.likeness) as likeness
    from account_pairs
    inner join judged
        on
            account_pairs.left_names = judged.left_names
            and account_pairs.right_names = judged.right_names
    where judged.is_alike
    group by account_pairs.left_rank, account_pairs.right_rank

)

select * from final
