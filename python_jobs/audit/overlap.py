"""Which companies of a trial import the real warehouse knows already: as identity judges, none by itself.

The warehouse's records stand beside the file's while the models decide who is one company.
"""

from pathlib import Path
from typing import Any

import duckdb

from python_jobs.audit.table_columns import table_columns
from python_jobs.command_line import Session
from python_jobs.landing.lead_file import LeadFile
from python_jobs.warehouse.connection import attached_reader, open_reader

KNOWN_RECORDS = Path(__file__).parent / "known_records.sql"
COMPARED_TABLES = ("accepted_rows", "match_keys")
NEEDED_TABLES = {*COMPARED_TABLES, "first_clusters", "withdrawn_groups"}
# What the built tables do not tell as the next build will: who is known and opted out may change with it.
LISTS_NOT_BUILT = """
    create or replace temp table lists_not_built as
    with withdrawn as (
        select distinct import_id from real_warehouse.raw.import_events where event = 'withdrawn'
    )
    select
        source_name,
        imported_at,
        case when withdrawn.import_id is null then 'landed' else 'withdrawn' end
        || ' after the last build' as why
    from real_warehouse.raw.raw_lead_imports as imports
    left join withdrawn on imports.import_id = withdrawn.import_id
    where
        rows_landed > 0
        and case
            when withdrawn.import_id is null
                then imports.import_id not in (select import_id from real_warehouse.compliance.built_imports)
            else imports.import_id in (
                select import_id from real_warehouse.identity.accepted_rows where not is_withdrawn
            )
        end
"""


def add_known_records(connection: duckdb.DuckDBPyConnection, session: Session) -> str | None:
    """Put the warehouse's records of the file's companies beside the file's, in the trial's identity tables.

    Their import_id begins with `known:`. Returns why they cannot be compared, if they cannot. Leaves
    temp.lists_not_built behind when they can.
    """
    with attached_reader(connection, session.warehouse, session.say) as has_warehouse:
        if not has_warehouse:
            return "there is no warehouse yet"
        columns = table_columns(connection, "identity", "real_warehouse")
        gate = table_columns(connection, "compliance", "real_warehouse")
        if not columns.keys() >= NEEDED_TABLES or "built_imports" not in gate:
            return "the warehouse has never been built whole"
        own_columns = table_columns(connection, "identity")
        if any(columns[table] != own_columns[table] for table in COMPARED_TABLES):
            return "the warehouse was built by another version of Dealix: run `dealix run`"
        connection.execute(KNOWN_RECORDS.read_text(encoding="utf-8"))
        connection.execute(LISTS_NOT_BUILT)
    return None


def read_landed_before(session: Session, lead_file: LeadFile) -> list[dict[str, Any]]:
    """The imports of exactly this file, from whatever source, the latest first; none without a warehouse."""
    if not session.warehouse.exists():
        return []
    with open_reader(session.warehouse, session.say) as connection:
        try:
            found = connection.execute(
                """
                select
                    import_id, source_name, imported_at,
                    import_id in (select import_id from raw.import_events where event = 'withdrawn')
                from raw.raw_lead_imports
                where file_sha256 = ? and file_sheet is not distinct from ?
                order by imported_at desc, import_id desc
                """,
                [lead_file.sha256, lead_file.sheet],
            ).fetchall()
        except duckdb.CatalogException:
            return []
    names = ("import_id", "source_name", "imported_at", "is_withdrawn")
    return [dict(zip(names, row, strict=True)) for row in found]


def read_overlap(connection: duckdb.DuckDBPyConnection, not_compared_because: str | None) -> dict[str, Any]:
    """Companies known by key, companies new, and the new ones that may be contacted; and lists that a build
    has still to take in or to leave out.

    Reads temp.company_verdicts. `not_compared_because`: why every company is new, if nothing was compared.
    """
    connection.execute(
        """
        create or replace temp table known_companies as
        select distinct account_id from identity.clusters where starts_with(import_id, 'known:')
        """
    )
    by_key = connection.execute(
        """
        select edges.key_kind, count(distinct left_records.account_id)
        from identity.kept_edges as edges
        inner join identity.clusters as left_records
            on edges.left_rank = left_records.landing_rank
        inner join identity.clusters as right_records
            on edges.right_rank = right_records.landing_rank
        where
            starts_with(left_records.import_id, 'known:')
            and not starts_with(right_records.import_id, 'known:')
        group by edges.key_kind
        order by 2 desc, 1
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
        left join temp.known_companies as known
            on companies.account_id = known.account_id
        left join temp.company_verdicts as verdicts
            on companies.account_id = verdicts.account_id
        """
    ).fetchone()
    not_built = (
        []
        if not_compared_because
        else connection.execute(
            "select source_name, why from temp.lists_not_built order by imported_at, source_name"
        ).fetchall()
    )
    return {
        "compared": not_compared_because is None,
        "not_compared_because": not_compared_because,
        "lists_not_built": [{"source_name": name, "why": why} for name, why in not_built],
        "companies_known": known,
        "known_by_key": dict(by_key),
        "companies_new": new,
        "companies_new_and_contactable": new_contactable,
    }
