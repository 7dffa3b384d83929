{#
  One row per key and pair of names under it that are compared: how alike they are. Two names that
  the key's own domain says both are alike under it (the branches of a chain at the chain's domain).
  Arguments: relations of key_names and of name_variants. The smaller names_key is left.
#}
{% macro key_name_pairs(key_names, variants) %}
with compared {{ computed_once() }} (

    select
        left_side.key_kind,
        left_side.key_value,
        left_side.names_key as left_names,
        right_side.names_key as right_names,
        left_side.fits_domain or right_side.fits_domain as one_fits_domain,
        left_side.fits_domain and right_side.fits_domain as fit_one_domain
    from {{ key_names }} as left_side
    inner join {{ key_names }} as right_side
        on
            left_side.key_kind = right_side.key_kind
            and left_side.key_value = right_side.key_value
            and left_side.block = right_side.block
    where
        left_side.names_key < right_side.names_key
        and left_side.is_compared
        and right_side.is_compared

    union

    -- However many branches: each with the first.
    select
        firsts.key_kind,
        firsts.key_value,
        firsts.names_key as left_names,
        others.names_key as right_names,
        true as one_fits_domain,
        true as fit_one_domain
    from (
        select
            key_kind,
            key_value,
            min(names_key) as names_key
        from {{ key_names }}
        where fits_domain
        group by key_kind, key_value
    ) as firsts
    inner join {{ key_names }} as others
        on
            firsts.key_kind = others.key_kind
            and firsts.key_value = others.key_value
    where others.fits_domain and firsts.names_key < others.names_key

),

name_pairs {{ computed_once() }} (

    select distinct
        left_names,
        right_names
    from compared

),

judged {{ computed_once() }} (

    {{ name_likeness('name_pairs', variants) | indent(4) }}

)

select
    compared.key_kind,
    compared.key_value,
    compared.left_names,
    compared.right_names,
    judged.likeness,
    compared.one_fits_domain,
    compared.fit_one_domain,
    judged.is_alike or compared.fit_one_domain as is_alike
from compared
inner join judged
    on
        compared.left_names = judged.left_names
        and compared.right_names = judged.right_names
{% endmacro %}
