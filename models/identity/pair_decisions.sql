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

record_ids as (

    select
        landing_rank,
        row_account_id
    from {{ ref('identity_rows') }}

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

)

select * from final
