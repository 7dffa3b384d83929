-- One row per account of which a contact may be put into the queue, in the order of preparation.
select * from {{ ref('outreach_preparation') }}
where preparation_order is not null
