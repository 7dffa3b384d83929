-- One row of match_keys per record with a touched key and that key: what an incremental build reads them
-- for, once for all its models. Empty after a full build.
select keyed.*
from {{ ref('match_keys') }} as keyed
where {{ only_touched_keys('keyed') }} and {{ 'true' if is_incremental_build() else 'false' }}
