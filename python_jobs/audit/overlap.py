"""Which companies of a trial import the real warehouse knows already."""

from typing import Any

import duckdb

from python_jobs.command_line import Session
from python_jobs.warehouse.connection import attached_reader

NEEDED_TABLES = {"accepted_rows", "match_keys", "shared_keys"}


def read_overlap(connection: duckdb.DuckDBPyConnection, session: Session) -> dict[str, Any]:
    """Companies known by key, companies new, and the new ones that may be contacted.

    Reads temp.company_verdicts. Without a built warehouse every company is new; `compared` says so.
    """
    with attached_reader(connection, session.warehouse, session.say) as has_warehouse:
        reason = None if has_warehouse else "there is no warehouse yet"
        if has_warehouse and not _is_built(connection):
            reason = "the warehouse has never been built"
        _find_known_companies(connection, is_comparable=reason is None)
    by_key = connection.execute(
        """
        select key_kind, count(distinct account_id) from temp.known_companies
        group by key_kind order by 2 desc, 1
        """
    ).fetchall()
    known, new, new_contactable = connection.execute(
        """
        with companies as (
            select distinct account_id from normalised.lead_rows
            where row_status = 'accepted' and account_id is not null
        )
        select
            count(*) filter (where known.account_id is not null),
            count(*) filter (where known.account_id is null),
            count(*) filter (where known.account_id is null and verdicts.is_contactable)
        from companies
        left join (select distinct account_id from temp.known_companies) as known
            on companies.account_id = known.account_id
        left join temp.company_verdicts as verdicts
            on companies.account_id = verdicts.account_id
        """
    ).fetchone()
    return {
        "compared": reason is None,
        "not_compared_because": reason,
        "companies_known": known,
        "known_by_key": dict(by_key),
        "companies_new": new,
        "companies_new_and_contactable": new_contactable,
    }


def _is_built(connection: duckdb.DuckDBPyConnection) -> bool:
    tables = connection.execute(
        """
        select table_name from duckdb_tables()
        where database_name = 'real_warehouse' and schema_name = 'identity'
        """
    ).fetchall()
    return {name for (name,) in tables} >= NEEDED_TABLES


def _find_known_companies(connection: duckdb.DuckDBPyConnection, is_comparable: bool) -> None:
    """temp.known_companies(account_id, key_kind).

    As in identity, a key that many unlike companies share proves nothing, nor does one phone, mailbox or
    domain between two names without a word in common: those the import sends to the review band.
    """
    query = """
        with pairs as (
            select
                keys.landing_rank,
                known.landing_rank as known_rank,
                keys.key_kind,
                keys.key_kind in ('phone', 'email', 'domain', 'site')
                and not coalesce(
                    list_has_any(
                        string_split(own_rows.normalized_name, ' '),
                        string_split(known_rows.normalized_name, ' ')
                    ),
                    false
                ) as has_unlike_names
            from identity.match_keys as keys
            inner join real_warehouse.identity.match_keys as known
                on keys.key_kind = known.key_kind and keys.key_value = known.key_value
            anti join (from identity.shared_keys where is_hub) as hubs
                on keys.key_kind = hubs.key_kind and keys.key_value = hubs.key_value
            anti join (from real_warehouse.identity.shared_keys where is_hub) as known_hubs
                on keys.key_kind = known_hubs.key_kind and keys.key_value = known_hubs.key_value
            inner join identity.accepted_rows as own_rows
                on keys.landing_rank = own_rows.landing_rank
            inner join real_warehouse.identity.accepted_rows as known_rows
                on known.landing_rank = known_rows.landing_rank
        ),
        agreeing as (
            select landing_rank, known_rank
            from pairs
            group by landing_rank, known_rank
            having count(distinct key_kind) > 1 or not bool_and(has_unlike_names)
        )
        select distinct clusters.account_id, pairs.key_kind
        from pairs
        semi join agreeing using (landing_rank, known_rank)
        inner join identity.clusters as clusters on pairs.landing_rank = clusters.landing_rank
    """
    if not is_comparable:
        query = "select null::varchar as account_id, null::varchar as key_kind where false"
    connection.execute(f"create or replace temp table known_companies as {query}")
