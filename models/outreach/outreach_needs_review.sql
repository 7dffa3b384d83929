-- One row per account whose best contact and channel is needs_review at this moment.
select * from {{ ref('outreach_candidates') }}
where verdict = 'needs_review'
