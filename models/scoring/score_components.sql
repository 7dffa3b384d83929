-- One row per account and component that gave it points (or took some), with what they were given
-- for. Computed when it is read: lead_scores keeps the sums.
{{ config(materialized='view') }}
with final as (

    {{ score_points() | indent(4) }}

)

select * from final
