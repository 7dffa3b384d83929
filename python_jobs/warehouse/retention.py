"""Takes out of the warehouse what may not be kept any longer: answers of providers past their expiry."""

import duckdb

# Google's content without an expiry counts as past it: nobody could say until when it may be held.
EXPIRED = """
    payload is not null
    and (
        expires_at <= make_timestamp(epoch_us(now()))
        or (expires_at is null and provider ilike 'google%')
    )
"""


def purge_expired(connection: duckdb.DuckDBPyConnection) -> int:
    """Empty the payloads that are past their expiry and return how many; who asked what when stays.

    The old bytes are gone from the file when the caller has written it anew (rewrite_file).
    """
    expired = connection.execute(f"select count(*) from raw.enrichment_results where {EXPIRED}").fetchone()[0]
    if expired:
        connection.execute(f"update raw.enrichment_results set payload = null where {EXPIRED}")
    return expired
