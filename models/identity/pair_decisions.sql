-- One row per pair of records about which a person decided (same company or never merge); the
-- latest decision counts. An account is named by its earliest record, so that an account id is a
-- record here and the decision survives rebuilds.
with decisions as (

    select
        least(left_id, right_id) as left_id,
        greatest(left_id, right_id) as right_id,
        max_by(decision, occurred_at) as decision
    from {{ ref('stg_match_decisions') }}
    where least(left_id, right_id) <> greatest(left_id, right_id)
    group by least(left_id, right_id), greatest(left_id, right_id)

),

-- A record of a withdrawn import is stood for by the earliest of its company that has its name.
record_ids as (

    select
        landing_rank,
        row_account_id
    from {{ ref('identity_rows') }}

    union all

    select
        remaining.landing_rank,
        withdrawn.row_account_id
    from {{ ref('withdrawn_groups') }} as withdrawn
    inner join (
        select
            group_rank,
            normalized_name,
            min(landing_rank) as landing_rank
        from {{ ref('withdrawn_groups') }}
        where not is_withdrawn
        group by group_rank, normalized_name
    ) as remaining
        on
            withdrawn.group_rank = remaining.group_rank
            and withdrawn.normalized_name = remaining.normalized_name
    where withdrawn.is_withdrawn

),

final as (

    select
        decisions.left_id,
        decisions.right_id,
        decisions.decision,
        left_records.landing_rank as left_rank,
        right_records.landing_rank as right_rank
    from decisions
    inner join record_ids as left_records
        on decisions.left_id = left_records.row_account_id
    inner join record_ids as right_records
        on decisions.right_id = right_records.row_account_id
    where left_records.landing_rank <> right_records.landing_rank

)

select * from final
