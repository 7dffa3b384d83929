-- One row per pair of accounts that are likely but not certainly one company: the review band, with
-- a score from 0 to 1 and the evidence. A pair that a person decided is not in it. Nothing merges by
-- the score; it orders the work. Read by a person, so that no build waits for it.
{{ config(materialized='view') }}
{%- set most_groups = 10 %}
with clusters as (

    select * from {{ ref('clusters') }}

),

identity_rows as (

    select * from {{ ref('identity_rows') }}

),

match_weights as (

    select * from {{ ref('match_weights') }}

),

-- Namesakes in one city that something keeps apart: each with the first, where there are few.
namesakes as (

    select
        landing_rank,
        key_kind,
        key_value,
        min(landing_rank) over (partition by key_kind, key_value) as first_rank,
        count(*) over (partition by key_kind, key_value) as group_count
    from (
        select
            key_kind,
            key_value,
            link_group,
            min(landing_rank) as landing_rank
        from {{ ref('key_groups') }}
        where key_kind = 'name_city'
        group by key_kind, key_value, link_group
    ) as grouped

),

held_back as (

    select
        left_rank,
        right_rank,
        key_kind,
        key_value,
        likeness,
        guard
    from {{ ref('key_pairs') }}
    where guard is not null

    union all

    select
        first_rank as left_rank,
        landing_rank as right_rank,
        key_kind,
        key_value,
        1.0 as likeness,
        'contradicted' as guard
    from namesakes
    where first_rank < landing_rank and group_count <= {{ most_groups }}

),

between_accounts as (

    select
        least(left_clusters.cluster_rank, right_clusters.cluster_rank) as left_rank,
        greatest(left_clusters.cluster_rank, right_clusters.cluster_rank) as right_rank,
        held_back.key_kind,
        held_back.key_value,
        max(held_back.likeness) as likeness,
        min(held_back.guard) as guard
    from held_back
    inner join clusters as left_clusters
        on held_back.left_rank = left_clusters.landing_rank
    inner join clusters as right_clusters
        on held_back.right_rank = right_clusters.landing_rank
    where
        least(left_clusters.cluster_rank, right_clusters.cluster_rank)
        <> greatest(left_clusters.cluster_rank, right_clusters.cluster_rank)
    group by 1, 2, 3, 4

),

decided as (

    select distinct
        least(left_clusters.cluster_rank, right_clusters.cluster_rank) as left_rank,
        greatest(left_clusters.cluster_rank, right_clusters.cluster_rank) as right_rank
    from {{ ref('pair_decisions') }} as decisions
    inner join clusters as left_clusters
        on decisions.left_rank = left_clusters.landing_rank
    inner join clusters as right_clusters
        on decisions.right_rank = right_clusters.landing_rank

),

keyed_pairs as (

    select
        between_accounts.left_rank,
        between_accounts.right_rank,
        max(between_accounts.likeness) as likeness,
        max(match_weights.weight) as best_weight,
        count(*) as key_count,
        -- A sorted array and not an ordered aggregate, which is many times slower over small groups.
        {{ array_text(array_sorted(
            "array_agg(between_accounts.key_kind || case when between_accounts.key_value <> '' "
            ~ "then ' ' || between_accounts.key_value else '' end || ' (' || between_accounts.guard || ')')"
        ), '; ') }} as keys
    from between_accounts
    inner join match_weights
        on between_accounts.key_kind = match_weights.evidence
    group by between_accounts.left_rank, between_accounts.right_rank

),

-- Most pairs, and all of one kind; names are compared between accounts, never within one.
named_pairs as (

    select
        similar_names.left_rank,
        similar_names.right_rank,
        max(similar_names.likeness) as likeness,
        max(match_weights.weight) as best_weight
    from {{ ref('similar_names') }} as similar_names
    inner join match_weights
        on match_weights.evidence = 'name'
    group by similar_names.left_rank, similar_names.right_rank

),

found_pairs as (

    select
        coalesce(keyed_pairs.left_rank, named_pairs.left_rank) as left_rank,
        coalesce(keyed_pairs.right_rank, named_pairs.right_rank) as right_rank,
        coalesce(
            greatest(keyed_pairs.likeness, named_pairs.likeness),
            keyed_pairs.likeness,
            named_pairs.likeness
        ) as likeness,
        coalesce(
            greatest(keyed_pairs.best_weight, named_pairs.best_weight),
            keyed_pairs.best_weight,
            named_pairs.best_weight
        ) as best_weight,
        coalesce(keyed_pairs.key_count, 0) as key_count,
        concat_ws(
            '; ',
            keyed_pairs.keys,
            case when named_pairs.left_rank is not null then 'name (name_only)' end
        ) as keys
    from keyed_pairs
    full outer join named_pairs
        on
            keyed_pairs.left_rank = named_pairs.left_rank
            and keyed_pairs.right_rank = named_pairs.right_rank

),

pairs as (

    select found_pairs.*
    from found_pairs
    left join decided
        on
            found_pairs.left_rank = decided.left_rank
            and found_pairs.right_rank = decided.right_rank
    where decided.left_rank is null

),

described as (

    select
        pairs.*,
        left_rows.row_account_id as left_account_id,
        right_rows.row_account_id as right_account_id,
        {% for column in ['national_number', 'vat_number', 'cr_number', 'domain', 'place_id'] %}
        coalesce(left_rows.{{ column }} <> right_rows.{{ column }}, false) as has_other_{{ column }},
        {% endfor %}
        coalesce(left_rows.city <> right_rows.city, false) as has_other_city
    from pairs
    inner join identity_rows as left_rows
        on pairs.left_rank = left_rows.landing_rank
    inner join identity_rows as right_rows
        on pairs.right_rank = right_rows.landing_rank

),

weights as (

    select
        max(weight) filter (where evidence = 'further_key') as further_key,
        max(weight) filter (where evidence = 'likeness') as likeness,
        max(weight) filter (where evidence = 'contradiction') as contradiction
    from match_weights

),

final as (

    select
        described.left_account_id || '|' || described.right_account_id as candidate_id,
        described.left_account_id,
        described.right_account_id,
        round(greatest(0.01, least(
            0.99,
            described.best_weight
            + weights.further_key * greatest(described.key_count - 1, 0)
            + weights.likeness * described.likeness
            + weights.contradiction * (
                0
                {%- for column in [
                    'national_number', 'vat_number', 'cr_number', 'domain', 'place_id', 'city'
                ] %}
                + case when described.has_other_{{ column }} then 1 else 0 end
                {%- endfor %}
            )
        )), 2) as score,
        described.likeness as name_likeness,
        described.key_count,
        concat_ws(
            '; ',
            described.keys
            {%- for column in [
                'national_number', 'vat_number', 'cr_number', 'domain', 'place_id', 'city'
            ] %},
            case when described.has_other_{{ column }} then 'but other {{ column }}' end
            {%- endfor %}
        ) as evidence
    from described
    cross join weights

)

select * from final
