-- One row per block of names in which an incremental build finds other accounts than before: those of the
-- accounts that it makes anew. Of the old ones too: a record keeps its name and its city, and is in one
-- of the new. Empty after a full build.
select distinct block
from {{ ref('name_blocks') }}
where {{ only_touched_accounts() }} and {{ 'true' if is_incremental_build() else 'false' }}
