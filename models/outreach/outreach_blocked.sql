-- One row per account whose best contact and channel is blocked at this moment.
select * from {{ ref('outreach_candidates') }}
where verdict = 'blocked'
