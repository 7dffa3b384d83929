"""The distinct values to parse, each looked at once: temp.cells and temp.host_domains."""

import duckdb

from python_jobs.landing.set_based import emails, phones, suffixes, urls


def collect_cells(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Make temp.cells of the relation `source` (field, value), and temp.host_domains for the hosts in them.

    One row per distinct value: whose column it stands in (`in_phone`, `in_email`, `in_website`), the text
    with marks and digits cleaned (`plain`, NULL unless it is ASCII then), and the parts of what looks
    like an address.
    """
    connection.execute(
        f"""
        create or replace temp table cells as
        with distinct_values as (
            select
                value,
                bool_or(field = 'phone') as in_phone,
                bool_or(field = 'email') as in_email,
                bool_or(field = 'website') as in_website
            from {source}
            where {has_text("value")}
            group by value
        ),
        cleaned as (
            select
                *,
                {phones.cleaned("value")} as text
            from distinct_values
        ),
        plain as (
            select
                * exclude (text),
                case
                    when length(text) <> strlen(text) then null
                    -- To look for spaces costs a third of trimming every value.
                    when starts_with(text, ' ') or ends_with(text, ' ') then trim(text)
                    else text
                end as plain
            from cleaned
        )
        select
            *,
            {emails.PARTS} as email_parts,
            {urls.PARTS} as url_parts
        from plain
        """
    )
    suffixes.collect_host_domains(
        connection,
        """
        select split_part(email_parts, '@', 2) from temp.cells where email_parts is not null
        union
        select lower(url_parts.host) from temp.cells where url_parts.host <> ''
        """,
    )


def has_text(value: str) -> str:
    """A SQL condition: trim() would leave something of the value. Mostly the first letter tells."""
    return f"(not regexp_full_match({value}, '\\p{{Zs}}*'))"


def drop_cells(connection: duckdb.DuckDBPyConnection) -> None:
    for table in ("cells", "host_domains"):
        connection.execute(f"drop table if exists temp.{table}")
