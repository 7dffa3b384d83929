-- One row per item that may be exported at this moment, for the first time.
select * from {{ ref('outreach_approved') }}
where status = 'approved'
