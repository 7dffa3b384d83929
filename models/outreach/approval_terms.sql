-- One row in all: how long an approval holds.
select cast({{ var('approval_valid_days') }} as integer) as approval_valid_days
