-- One row per pair of accounts of one city and of the names by which they are compared. Compared are
-- only names that share a word of their own (by its sounds in the other script) or begin with the same
-- consonants, and only where few do: all pairs would be quadratic, and a word that many have says
-- nothing.
{%- set largest_block = 20 %}
{%- set most_pairs = 60 %}
with account_names as (

    select * from {{ ref('account_names') }}

),

variants as (

    select * from {{ ref('name_variants') }}

),

blocks {{ computed_once() }} (

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

small_blocks as (

    select block
    from blocks
    group by block
    having count(*) between 2 and {{ largest_block }}

),

small {{ computed_once() }} (

    select blocks.*
    from blocks
    inner join small_blocks
        on blocks.block = small_blocks.block

),

-- Of a name of one or two letters' sound (وفاء, Wafa) all sounds have to agree.
script_blocks {{ computed_once() }} (

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

small_script_blocks as (

    select block
    from script_blocks
    group by block
    having count(*) filter (where is_arabic) * count(*) filter (where not is_arabic)
        between 1 and {{ most_pairs }}

),

small_in_scripts {{ computed_once() }} (

    select script_blocks.*
    from script_blocks
    inner join small_script_blocks
        on script_blocks.block = small_script_blocks.block

),

final as (

    select
        left_side.cluster_rank as left_rank,
        right_side.cluster_rank as right_rank,
        left_side.names_key as left_names,
        right_side.names_key as right_names
    from small as left_side
    inner join small as right_side
        on left_side.block = right_side.block
    where left_side.cluster_rank < right_side.cluster_rank

    union

    select
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

)

select * from final
