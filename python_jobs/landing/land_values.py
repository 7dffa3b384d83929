"""Lands what the libraries make of phone, email and website cells: one parse per distinct value, ever.

Values about which nothing is doubtful are read in SQL (set_based), all others by the parsers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import duckdb

from python_jobs.command_line import operator_name
from python_jobs.landing import parse_emails, parse_phones, parse_urls
from python_jobs.landing.cell_pointer import cell_pointer
from python_jobs.landing.keyed_hash import HashKey, open_key, sql_hash
from python_jobs.landing.local_phones import PLACE_FIELDS, read_local_phones
from python_jobs.landing.set_based import emails, phones, urls
from python_jobs.landing.set_based.cells import collect_cells, drop_cells
from python_jobs.warehouse.connection import utc_now

BATCH = 20_000


@dataclass(frozen=True)
class _Kind:
    """A raw table of parses: whose cells it is for, what parses them, which hashes are added.

    `accepted` reads the column `reads` of temp.cells and makes a SELECT of `columns` for every value; the
    first is NULL where SQL cannot read it. `never_valid` is true for a value that surely holds nothing of
    this kind. `hashes` maps a column to the text that is hashed.
    """

    field: str
    table: str
    parse: Callable[[str | None], list]
    accepted: Callable[[str], str]
    reads: str
    never_valid: str
    columns: tuple[str, ...]
    hashes: dict[str, str]
    library: str
    library_version: str


KINDS = (
    _Kind(
        field="phone",
        table="parsed_phones",
        parse=parse_phones.parse_phones,
        accepted=phones.accepted,
        reads="plain",
        never_valid=phones.never_valid(),
        columns=("e164", "phone_type", "region", "extension", "dialled_in"),
        hashes={"phone_hash": "'phone:' || e164"},
        library=parse_phones.LIBRARY,
        library_version=parse_phones.LIBRARY_VERSION,
    ),
    _Kind(
        field="email",
        table="parsed_emails",
        parse=parse_emails.parse_emails,
        accepted=emails.accepted,
        reads="email_parts",
        never_valid=emails.NEVER_VALID,
        columns=(
            "email",
            "local_part",
            "email_domain",
            "registrable_domain",
            "is_free_mail",
            "is_disposable",
        ),
        hashes={"email_hash": "'email:' || email", "domain_hash": "'domain:' || registrable_domain"},
        library=parse_emails.LIBRARY,
        library_version=parse_emails.LIBRARY_VERSION,
    ),
    _Kind(
        field="website",
        table="parsed_urls",
        parse=parse_urls.parse_urls,
        accepted=urls.accepted,
        reads="url_parts",
        never_valid=urls.NEVER_VALID,
        columns=("url", "host", "first_path_segment", "registrable_domain"),
        hashes={
            "domain_hash": "'domain:' || registrable_domain",
            "host_hash": "'domain:' || host",
            "site_hash": "'domain:' || registrable_domain || '/' || first_path_segment",
        },
        library=parse_urls.LIBRARY,
        library_version=parse_urls.LIBRARY_VERSION,
    ),
)
# The fields of column mappings whose cells are parsed.
PARSED_FIELDS = tuple(kind.field for kind in KINDS)
NO_CELLS = "select null::varchar as field, null::varchar as value where false"


def read_values(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    progress: Callable[[str], None] = lambda text: None,
    beside_places: str | None = None,
) -> None:
    """Parse every cell of `source` that was not parsed before, for land_read_values.

    `source` names a relation of (field, value). Every value is offered to all three parsers, so that an
    email in a website column is found; of a foreign kind only what is valid is kept. `beside_places` names
    one of (value, place), the phone cells beside what may tell their country. Best done outside a
    transaction: what a transaction wrote itself DuckDB reads back with one core only.
    """
    collect_cells(connection, source)
    emails.make_lists(connection)
    for kind in KINDS:
        _read_kind(connection, kind, progress)
    if beside_places:
        _keep_parsed(connection, _kind_of("phone"), read_local_phones(connection, beside_places))
    emails.drop_lists(connection)
    drop_cells(connection)


def land_read_values(
    connection: duckdb.DuckDBPyConnection, actor: str | None = None, is_trial: bool = False
) -> dict[str, int]:
    """Land what read_values found; returns the number of rows landed per table.

    `actor` is recorded if a hash key has to be made. In a trial the texts stand where their hashes would:
    they are shorter, and to hash them takes half of the time. Raises WarehouseError when the hash key is
    not the recorded one.
    """
    key = open_key(connection, _warehouse_of(connection), actor or operator_name())
    return {kind.table: _land_kind(connection, kind, key, is_hashed=not is_trial) for kind in KINDS}


def land_few_values(
    connection: duckdb.DuckDBPyConnection, key: HashKey, field: str, values: Sequence[str]
) -> int:
    """The same for a handful of values of one field (`phone`, `email` or `website`), without the set-up that
    only many are worth. Returns the number of rows landed.
    """
    kind = _kind_of(field)
    known = connection.execute(
        f"select raw_value from raw.{kind.table} where list_contains($values::varchar[], raw_value)",
        {"values": list(values)},
    ).fetchall()
    new = [value for value in dict.fromkeys(values) if (value,) not in known]
    connection.execute(
        f"""
        create or replace temp table read_{kind.field} as
        select raw_value, position, is_valid, reject_reason, {", ".join(kind.columns)}
        from raw.{kind.table} where false
        """
    )
    _keep_parsed(connection, kind, [item for value in new for item in kind.parse(value)])
    return _land_kind(connection, kind, key)


def land_values_of_all_imports(
    connection: duckdb.DuckDBPyConnection,
    actor: str | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> dict[str, int]:
    """Land what an older version of the parsers left out; returns the number of rows landed per table.

    Of the mapped cells of every landed row, and of what sites publish. `actor` as in land_read_values.
    """
    connection.execute(
        """
        create or replace temp view columns_of_imports as
        select
            import_id,
            unnest(
                from_json(column_mapping, '[{"column": "VARCHAR", "field": "VARCHAR"}]'), recursive := true
            )
        from raw.raw_lead_imports
        """
    )
    connection.execute(
        f"""
        create or replace temp view landed_cells as
        with mapped_cells as (
            select
                columns_of_imports.field,
                json_extract_string(
                    lead_rows.payload, {cell_pointer('columns_of_imports."column"')}
                ) as value
            from raw.raw_lead_rows as lead_rows
            inner join temp.columns_of_imports on lead_rows.import_id = columns_of_imports.import_id
            where columns_of_imports.field in ('phone', 'email', 'website')
        ),
        published as (
            select field, unnest(string_split(values, ';')) as value
            from (
                unpivot (
                    select
                        payload ->> '$.emails' as email,
                        concat_ws(';', payload ->> '$.phones', payload ->> '$.whatsapp') as phone,
                        concat_ws(';', payload ->> '$.url', payload ->> '$.final_url') as website
                    from raw.enrichment_results
                    where provider = 'website' and status = 'ok' and payload is not null
                )
                on email, phone, website into name field value values
            )
        )
        select field, value from (from mapped_cells union all from published where value <> '')
        where
            (field = 'phone' and value not in (select raw_value from raw.parsed_phones))
            or (field = 'email' and value not in (select raw_value from raw.parsed_emails))
            or (field = 'website' and value not in (select raw_value from raw.parsed_urls))
        """
    )
    connection.execute(
        f"""
        create or replace temp view landed_places as
        select
            json_extract_string(lead_rows.payload, {cell_pointer('phones."column"')}) as value,
            coalesce(
                places.country, json_extract_string(lead_rows.payload, {cell_pointer('places."column"')})
            ) as place
        from raw.raw_lead_rows as lead_rows
        inner join temp.columns_of_imports as phones
            on lead_rows.import_id = phones.import_id and phones.field = 'phone'
        inner join (
            select import_id, "column", null as country
            from temp.columns_of_imports where field in {PLACE_FIELDS}
            union all
            select import_id, null as "column", country
            from raw.raw_lead_imports where country is not null
        ) as places
            on lead_rows.import_id = places.import_id
        """
    )
    read_values(connection, "temp.landed_cells", progress, "temp.landed_places")
    landed = land_read_values(connection, actor)
    for view in ("landed_cells", "landed_places", "columns_of_imports"):
        connection.execute(f"drop view temp.{view}")
    return landed


def _kind_of(field: str) -> _Kind:
    return next(kind for kind in KINDS if kind.field == field)


def _read_kind(connection: duckdb.DuckDBPyConnection, kind: _Kind, progress: Callable[[str], None]) -> None:
    """Make temp.read_<field>: the parser's columns, a row per value and position; a value whole or not."""
    connection.execute(
        f"""
        create or replace temp table new_cells as
        select value, {kind.reads}, in_{kind.field} as is_own
        from temp.cells
        where
            (in_{kind.field} or not {kind.never_valid})
            and value not in (select raw_value from raw.{kind.table})
        """
    )
    connection.execute(
        f"""
        create or replace temp table read_{kind.field} as
        select
            value as raw_value, 1 as position, true as is_valid, null::varchar as reject_reason,
            * exclude (value)
        from ({kind.accepted("temp.new_cells")})
        """
    )
    connection.execute(
        f"""
        create or replace temp table other_cells as
        select value, is_own, row_number() over () as number
        from temp.new_cells
        where value in (select raw_value from temp.read_{kind.field} where {kind.columns[0]} is null)
        """
    )
    connection.execute(f"delete from temp.read_{kind.field} where {kind.columns[0]} is null")
    total = connection.execute("select count(*) from temp.other_cells").fetchone()[0]
    for start in range(0, total, BATCH):
        values = connection.execute(
            "select value, is_own from temp.other_cells where number > ? and number <= ?",
            [start, start + BATCH],
        ).fetchall()
        found = [item for value, is_own in values for item in kind.parse(value) if is_own or item.is_valid]
        _keep_parsed(connection, kind, found)
        if total > BATCH:
            progress(f"  {start + len(values):,} of {total:,} unusual values read as {kind.field}s")
    for table in ("new_cells", "other_cells"):
        connection.execute(f"drop table temp.{table}")


def _keep_parsed(connection: duckdb.DuckDBPyConnection, kind: _Kind, found: Sequence[Any]) -> None:
    """Keep what a parser found: one list per column, a hundred times quicker than a statement per row."""
    if not found:
        return
    names = [field.name for field in fields(found[0])]
    lists = {name: [getattr(item, name) for item in found] for name in names}
    connection.execute(
        f"""
        insert into temp.read_{kind.field} by name
        select {", ".join(f"unnest(${name}) as {name}" for name in names)}
        """,
        lists,
    )


def _land_kind(
    connection: duckdb.DuckDBPyConnection, kind: _Kind, key: HashKey, is_hashed: bool = True
) -> int:
    """Land the rows of temp.read_<field>, with the keyed hashes of what is valid."""
    columns = ("raw_value", "position", "is_valid", "reject_reason", *kind.columns)
    hashes = [
        f"case when is_valid then {sql_hash(text) if is_hashed else text} end"
        for text in kind.hashes.values()
    ]
    landed = connection.execute(
        f"""
        insert into raw.{kind.table} (
            {", ".join([*columns, *kind.hashes])}, key_id, library, library_version, parsed_at
        )
        select {", ".join([*columns, *hashes])}, $key_id, $library, $library_version, $parsed_at
        from temp.read_{kind.field}
        """,
        {
            **(key.sql_parameters() if is_hashed else {}),
            "key_id": key.key_id,
            "library": kind.library,
            "library_version": kind.library_version,
            "parsed_at": utc_now(),
        },
    ).fetchone()[0]
    connection.execute(f"drop table temp.read_{kind.field}")
    return landed


def _warehouse_of(connection: duckdb.DuckDBPyConnection) -> Path:
    query = "select path from duckdb_databases() where database_name = current_database()"
    return Path(connection.execute(query).fetchone()[0])
