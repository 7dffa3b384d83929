-- One row per key of a record that an incremental build adds: what a key makes of its records is
-- found again for these, and kept for all others. Empty after a full build.
select distinct
    match_keys.key_kind,
    match_keys.key_value
from {{ ref('match_keys') }} as match_keys
inner join {{ ref('accepted_rows') }} as accepted_rows
    on match_keys.landing_rank = accepted_rows.landing_rank
where {{ only_new_imports('accepted_rows.import_id') if is_incremental_build() else 'false' }}
