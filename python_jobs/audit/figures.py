"""What a trial import holds, in figures. The counts per file are those of reporting.import_quality."""

import json
from typing import Any

import duckdb

from python_jobs.audit.rejects_file import WITHHELD
from python_jobs.audit.trial_import import TrialImport
from python_jobs.landing.cell_pointer import cell_pointers
from python_jobs.landing.column_mapping import SENSITIVE
from python_jobs.landing.set_based.cells import has_text

SHOWN_ROWS = 10
SHOWN_RULES = 8
SHOWN_TEXT = 120
# Playbook: warn when the repeats of a key are more than a fifth of its different values.
DUPLICATE_WARNING = 0.2


def read_figures(trial: TrialImport) -> dict[str, Any]:
    """Rows, verdict, phones, emails, domains, repeats, fill rates and the first rejected rows."""
    connection = trial.connection
    quality = _one(connection, "select * from reporting.import_quality")
    verdict = _one(
        connection,
        "select * from reference.audit_thresholds where verdict = $verdict",
        {"verdict": quality["verdict"]},
    )
    return {
        "rows": quality["rows_total"],
        "rows_accepted": quality["rows_accepted"],
        "rows_rejected": quality["rows_rejected"],
        "rows_empty": connection.execute(
            "select count(*) from normalised.lead_rows where reject_reason = 'empty_row'"
        ).fetchone()[0],
        "reject_reasons": _reject_reasons(connection),
        "acceptance_rate": round(quality["acceptance_rate"], 4),
        "verdict": quality["verdict"],
        "verdict_meaning": verdict["description"],
        "exit_status": verdict["exit_status"],
        "thresholds": _all(
            connection,
            """
            select verdict, min_acceptance_rate
            from reference.audit_thresholds order by min_acceptance_rate
            """,
        ),
        "companies": quality["companies"],
        "companies_with_contact_point": quality["companies_with_contact_point"],
        "duplicate_rows": quality["rows_repeated"],
        "has_many_duplicates": quality["rows_repeated"] > DUPLICATE_WARNING * max(quality["companies"], 1),
        "duplicates_by_key": _duplicates_by_key(connection),
        "opt_outs": quality["opt_out_rows"],
        "phones": {
            "valid": quality["phones_valid"],
            "not_valid": quality["phones_invalid"],
            **_found(connection, "lead_row_phones", "phone_e164", "phone_type"),
            "by_country": _counts(
                connection,
                """
                select coalesce(region, 'unknown'), count(distinct phone_e164)
                from normalised.lead_row_phones
                where is_valid group by all order by 2 desc, 1
                """,
            ),
        },
        "emails": {
            "valid": quality["emails_valid"],
            "not_valid": quality["emails_invalid"],
            **_found(connection, "lead_row_emails", "email", "email_kind"),
        },
        "domains": quality["distinct_domains"],
        "fill_rates": _fill_rates(connection, trial.lead_file.columns),
        "first_rejected": _first_rejected(trial),
    }


def read_compliance(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The gate's verdict per company (its best outbound channel), and the rules that say so.

    Leaves temp.company_verdicts(account_id, verdict, is_contactable) behind: a company is contactable
    when an outbound channel of one of its contacts is not blocked.
    """
    connection.execute(
        """
        create or replace temp table channel_verdicts as
        select
            verdicts.account_id,
            verdicts.verdict,
            -- The long part, of which only these are told below.
            case when channels.outbound_allowed then verdicts.rule_ids end as rule_ids,
            coalesce(channels.outbound_allowed, false) as outbound_allowed,
            case verdicts.verdict when 'ready' then 0 when 'needs_review' then 1 else 2 end as severity
        from compliance.live_verdicts as verdicts
        left join reference.channel_policy as channels on verdicts.channel = channels.channel
        """
    )
    connection.execute(
        """
        create or replace temp table company_verdicts as
        select
            account_id,
            coalesce(
                min_by(verdict, severity) filter (where outbound_allowed), 'no_contact_point'
            ) as verdict,
            coalesce(bool_or(outbound_allowed and verdict <> 'blocked'), false) as is_contactable
        from temp.channel_verdicts
        group by account_id
        """
    )
    verdicts = _counts(
        connection, "select verdict, count(*) from temp.company_verdicts group by all order by 2 desc, 1"
    )
    rules = connection.execute(
        f"""
        select
            found.rule_id,
            rules.title_en as title,
            rules.verdict,
            count(distinct found.account_id) as companies
        from (
            select account_id, unnest(rule_ids) as rule_id
            from temp.channel_verdicts where outbound_allowed
        ) as found
        left join compliance.applicable_rules as rules on found.rule_id = rules.rule_id
        group by all
        order by companies desc, found.rule_id
        limit {SHOWN_RULES}
        """
    ).fetchall()
    contactable = connection.execute(
        "select count(*) from temp.company_verdicts where is_contactable"
    ).fetchone()[0]
    return {
        "companies": verdicts,
        "contactable_companies": contactable,
        "rules": [
            {"rule_id": rule, "title": title, "verdict": verdict, "companies": companies}
            for rule, title, verdict, companies in rules
        ],
    }


def _reject_reasons(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return _counts(
        connection,
        """
        select reject_reason, count(*) from normalised.lead_rows
        where row_status = 'rejected' and reject_reason <> 'empty_row' group by all
        union all
        select 'line: ' || reason, count(*) from staging.stg_rejected_lines
        where is_part_of_list group by all
        order by 2 desc, 1
        """,
    )


def _duplicates_by_key(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Per kind of key: rows that have it, different values, and rows that repeat one."""
    rows = connection.execute(
        f"""
        with keys as (
            select match_keys.key_kind, records.row_number, match_keys.key_value
            from identity.match_keys
            inner join identity.accepted_rows as records
                on match_keys.landing_rank = records.landing_rank
            where
                match_keys.key_kind in ('place_id', 'domain', 'phone', 'name_city')
                and records.import_id in (select import_id from raw.raw_lead_imports)
            union all
            -- For the identity only a company's mailbox is a key; a repeat is one with any.
            select distinct 'email', row_number, email from normalised.lead_row_emails where is_valid
            union all
            select 'whole_row', row_number, row_hash from normalised.lead_rows
            where reject_reason is distinct from 'empty_row'
        ),
        values_of_keys as (
            select key_kind, key_value, count(*) as row_count from keys group by all
        ),
        kinds as (
            select key_kind, count(*) as different, sum(row_count) - count(*) as repeats
            from values_of_keys
            group by key_kind
        ),
        rows_of_kinds as (
            select key_kind, count(distinct row_number) as with_key from keys group by key_kind
        )
        select
            key_kind, with_key, different, cast(repeats as bigint) as repeats,
            repeats > {DUPLICATE_WARNING} * different
        from kinds
        inner join rows_of_kinds using (key_kind)
        order by repeats desc, key_kind
        """
    ).fetchall()
    return {
        kind: {"rows": with_key, "different": different, "repeats": repeats, "is_many": is_many}
        for kind, with_key, different, repeats, is_many in rows
    }


def _found(connection: duckdb.DuckDBPyConnection, model: str, value: str, kind: str) -> dict[str, Any]:
    """Distinct valid values by kind, and the cells that hold none by reason."""
    return {
        "distinct": connection.execute(
            f"select count(distinct {value}) from normalised.{model} where is_valid"
        ).fetchone()[0],
        "by_kind": _counts(
            connection,
            f"""
            select {kind}, count(distinct {value}) from normalised.{model}
            where is_valid group by all order by 2 desc, 1
            """,
        ),
        "invalid": _counts(
            connection,
            f"""
            select reject_reason, count(*) from normalised.{model}
            where not is_valid group by all order by 2 desc, 1
            """,
        ),
    }


def _fill_rates(connection: duckdb.DuckDBPyConnection, columns: tuple[str, ...]) -> dict[str, float]:
    # All cells of a row by one look at its text: an eighth of the time of json_each.
    filled = dict(
        connection.execute(
            f"""
            with records as (
                select json_extract_string(payload, {cell_pointers("$columns")}) as cells
                from raw.raw_lead_rows
            ),
            placed as (
                select unnest(cells) as cell, generate_subscripts(cells, 1) as place from records
            )
            select place, count(*) from placed where {has_text("cell")} group by place
            """,
            {"columns": columns},
        ).fetchall()
    )
    total = connection.execute(
        "select count(*) from normalised.lead_rows where reject_reason is distinct from 'empty_row'"
    ).fetchone()[0]
    return {
        column: round(filled.get(place, 0) / max(total, 1), 4)
        for place, column in enumerate(columns, start=1)
    }


def _first_rejected(trial: TrialImport) -> list[dict[str, Any]]:
    """Where to look in the file, why, and the row itself as `text`; sensitive cells are withheld."""
    withheld = {entry.column for entry in trial.mapping if entry.field in SENSITIVE}
    rows = trial.connection.execute(
        f"""
        select 'row ' || rows.row_number, rows.reject_reason, cast(raw.payload as varchar)
        from normalised.lead_rows as rows
        inner join raw.raw_lead_rows as raw
            on rows.import_id = raw.import_id and rows.row_number = raw.row_number
        where rows.row_status = 'rejected' and rows.reject_reason <> 'empty_row'
        order by rows.row_number limit {SHOWN_ROWS}
        """
    ).fetchall()
    lines = trial.connection.execute(
        f"""
        select 'line ' || line_number, reason, line_text
        from raw.raw_rejected_lines
        order by line_number limit {SHOWN_ROWS}
        """
    ).fetchall()
    return [
        {"place": place, "reason": reason, "text": _shown_row(json.loads(payload), withheld)}
        for place, reason, payload in rows
    ] + [
        # What stands where in a broken line is unknown, so it may be the sensitive cell.
        {"place": place, "reason": reason, "text": WITHHELD if withheld else _shortened(text or "")}
        for place, reason, text in lines
    ]


def _shown_row(cells: dict[str, Any], withheld: set[str]) -> str:
    return _shortened(
        " | ".join(
            WITHHELD if column in withheld else str(cell)
            for column, cell in cells.items()
            if cell not in (None, "")
        )
    )


def _shortened(text: str) -> str:
    """One line for the screen, without control characters."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= SHOWN_TEXT else line[: SHOWN_TEXT - 1] + "…"


def _one(
    connection: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any] | None = None
) -> dict[str, Any]:
    cursor = connection.execute(query, values or {})
    return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))


def _all(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _counts(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, int]:
    return dict(connection.execute(query).fetchall())
