"""`dealix why`: why a contact can or cannot be written to, with every rule, source row and date."""

import re
from collections.abc import Sequence
from typing import Any

import click
import duckdb

from python_jobs.command_line import ANSWER_NO, OK, Refusal, Session, UsageProblem, command
from python_jobs.landing.keyed_hash import HashKey, read_key
from python_jobs.landing.parse_emails import parse_emails
from python_jobs.landing.parse_phones import parse_phones
from python_jobs.landing.parse_urls import parse_urls
from python_jobs.landing.text_cleaning import clean_marks
from python_jobs.outreach_events import printable, select_dicts
from python_jobs.warehouse.connection import open_reader

LEAD_ROW = re.compile(r"^(imp_[0-9a-f]{16})[:/](\d+)$")
MOST_NAMES = 10


def explain(session: Session, subject: str) -> dict[str, Any]:
    """Everything the gate says about a subject: opt-outs, accounts, contacts, verdicts, rules, lead rows.

    Raises UsageProblem for an empty subject, Refusal when nothing is known about it or a name fits too many.
    """
    text = clean_marks(subject)
    if not text:
        raise UsageProblem("Name a subject: an email, phone, web address, id or company name.")
    with open_reader(session.warehouse, session.say) as connection:
        key = read_key(connection, session.warehouse)
        hashes = _hashes(key, text) if key else []
        opt_outs = _opt_outs(connection, hashes, text)
        found = _find(connection, hashes, text)
        if not found and not opt_outs:
            raise Refusal(
                f"Nothing is known about {subject!r}: no account, contact, queue item, lead row or"
                " opt-out. Imported lists are found after `dealix run`."
            )
        account_ids = list(dict.fromkeys(account_id for account_id, _ in found))
        contact_ids = [contact_id for _, contact_id in found if contact_id]
        return {
            "subject": subject,
            "opt_outs": opt_outs,
            "accounts": [_account(connection, account_id, contact_ids) for account_id in account_ids],
        }


def is_ready(document: dict[str, Any]) -> bool:
    """Whether the gate shows a channel of any contact in the document as ready."""
    return any(
        channel["verdict"] == "ready"
        for account in document["accounts"]
        for contact in account["contacts"]
        for channel in contact["channels"]
    )


def _hashes(key: HashKey, text: str) -> list[str]:
    """The keyed hashes under which the text may stand as a phone, an email or a web address."""
    hashes = [key.email(part.email) for part in parse_emails(text) if part.is_valid]
    hashes += [key.phone(part.e164) for part in parse_phones(text) if part.is_valid]
    for part in parse_urls(text):
        if part.is_valid:
            hashes += [key.domain(part.registrable_domain), key.domain(part.host)]
            if part.first_path_segment:
                hashes.append(key.site(part.registrable_domain, part.first_path_segment))
    return list(dict.fromkeys(hashes))


def _opt_outs(connection: duckdb.DuckDBPyConnection, hashes: Sequence[str], text: str) -> list[dict]:
    return select_dicts(
        connection,
        """
        select kind, masked_display, scope, reason, actor, occurred_at, event_id
        from compliance.suppressions_in_force
        where list_contains($hashes::varchar[], subject_hash)
            or list_contains($hashes::varchar[], host_hash)
            or list_contains($hashes::varchar[], site_hash)
            or subject_id = $text
        order by occurred_at, event_id
        """,
        {"hashes": list(hashes), "text": text},
    )


def _find(
    connection: duckdb.DuckDBPyConnection, hashes: Sequence[str], text: str
) -> list[tuple[str, str | None]]:
    """(account id, contact id or None for every contact) of what the subject names."""
    found = connection.execute(
        """
        select distinct account_id, contact_id from graph.contact_identifiers
        where list_contains($hashes::varchar[], hash)
        union
        select distinct account_id, null from graph.account_identifiers
        where list_contains($hashes::varchar[], hash) or (kind = 'place_id' and value = $text)
        union
        select account_id, null from graph.account_aliases where alias_id = $text
        union
        select contacts.account_id, contacts.contact_id
        from graph.contact_aliases as aliases
        inner join graph.contacts as contacts on aliases.contact_id = contacts.contact_id
        where aliases.alias_id = $text
        order by all
        """,
        {"hashes": list(hashes), "text": text},
    ).fetchall()
    if found:
        return found
    if text.startswith("que_"):
        return connection.execute(
            "select account_id, contact_id from outreach.outreach_queue where queue_id = ?", [text]
        ).fetchall()
    if row := LEAD_ROW.match(text):
        return _find_by_row(connection, row[1], int(row[2]))
    return _find_by_name(connection, text)


def _find_by_row(
    connection: duckdb.DuckDBPyConnection, import_id: str, row_number: int
) -> list[tuple[str, str | None]]:
    row = connection.execute(
        """
        select account_id, reject_reason from normalised.lead_rows
        where import_id = ? and row_number = ?
        """,
        [import_id, row_number],
    ).fetchone()
    if row and row[0] is None:
        raise Refusal(f"This row belongs to no account: {row[1] or 'its import was withdrawn'}.")
    return [(row[0], None)] if row else []


def _find_by_name(connection: duckdb.DuckDBPyConnection, text: str) -> list[tuple[str, str | None]]:
    matches = connection.execute(
        """
        with names as (
            select
                account_id,
                company_name,
                city,
                least(
                    coalesce(instr(lower(company_name), lower($text)), 0) = 0,
                    coalesce(instr(lower(company_name_ar), lower($text)), 0) = 0,
                    coalesce(instr(normalized_name, lower($text)), 0) = 0
                ) as is_other,
                lower(company_name) = lower($text) or company_name_ar = $text
                    or normalized_name = lower($text) as is_exact
            from graph.accounts
        )

        select account_id, company_name, city, coalesce(is_exact, false) as is_exact
        from names
        where not is_other
        order by is_exact desc, length(company_name), account_id
        """,
        {"text": text},
    ).fetchall()
    exact = [match for match in matches if match[3]]
    chosen = exact or matches
    if len(chosen) > MOST_NAMES:
        raise Refusal(f"{text!r} fits {len(chosen)} companies. Say more of the name, or an id.")
    if len(chosen) > 1 and not exact:
        names = "\n".join(f"  {match[0]}  {match[1]}, {match[2] or 'no city'}" for match in chosen)
        raise Refusal(f"{text!r} fits {len(chosen)} companies. Ask for one by its id:\n{names}")
    return [(match[0], None) for match in chosen]


def _account(
    connection: duckdb.DuckDBPyConnection, account_id: str, contact_ids: Sequence[str]
) -> dict[str, Any]:
    values = {"account_id": account_id}
    account = select_dicts(
        connection,
        """
        select account_id, company_name, city, allowed_use, consent_status, risk_level, opt_out
        from graph.accounts where account_id = $account_id
        """,
        values,
    )[0]
    contacts = select_dicts(
        connection,
        """
        select contact_id, full_name, role, email, phone_e164, contact_kind, consent_status, risk_level
        from graph.contacts where account_id = $account_id order by contact_id
        """,
        values,
    )
    wanted = [contact for contact in contacts if contact["contact_id"] in contact_ids] or contacts
    verdicts = select_dicts(
        connection,
        """
        select contact_id, channel, verdict, reasons from compliance.live_verdicts
        where account_id = $account_id order by channel
        """,
        values,
    )
    hits = _rule_hits(connection, account_id)
    if not contacts:
        wanted = [{"contact_id": None, "full_name": None, "email": None, "phone_e164": None}]
    for contact in wanted:
        contact["channels"] = [
            {
                "channel": verdict["channel"],
                "verdict": verdict["verdict"],
                "reasons": verdict["reasons"],
                "rules": [
                    hit
                    for hit in hits
                    if hit["contact_id"] in (None, contact["contact_id"])
                    and hit["channel"] in (None, verdict["channel"])
                ],
            }
            for verdict in verdicts
            if verdict["contact_id"] == contact["contact_id"]
        ]
    return {
        **account,
        "contacts": wanted,
        "queue_items": _queue_items(connection, account_id),
        "source_rows": _source_rows(connection, account_id),
    }


def _queue_items(connection: duckdb.DuckDBPyConnection, account_id: str) -> list[dict]:
    return select_dicts(
        connection,
        """
        select queue_id, contact_id, channel, customer, status, status_reason, queued_at
        from outreach.outreach_queue where account_id = $account_id
        order by queued_at, queue_id
        """,
        {"account_id": account_id},
    )


def _rule_hits(connection: duckdb.DuckDBPyConnection, account_id: str) -> list[dict]:
    return select_dicts(
        connection,
        """
        select
            hits.rule_id,
            hits.title,
            hits.verdict,
            hits.source,
            hits.source_article,
            hits.contact_id,
            hits.channel,
            hits.evidence,
            hits.source_ref,
            imports.source_name,
            imports.file_name,
            imports.imported_at
        from compliance.live_rule_hits as hits
        left join raw.raw_lead_imports as imports
            on split_part(hits.source_ref, ':', 1) = imports.import_id
        where hits.account_id = $account_id
        order by
            case hits.verdict when 'blocked' then 0 when 'needs_review' then 1 else 2 end,
            hits.rule_id,
            hits.source_ref
        """,
        {"account_id": account_id},
    )


def _source_rows(connection: duckdb.DuckDBPyConnection, account_id: str) -> list[dict]:
    return select_dicts(
        connection,
        """
        select
            rows.import_id,
            rows.row_number,
            rows.company_name,
            imports.source_name,
            imports.file_name,
            imports.imported_at,
            imports.imported_by
        from normalised.lead_rows as rows
        inner join raw.raw_lead_imports as imports on rows.import_id = imports.import_id
        where rows.account_id = $account_id
        order by imports.imported_at, rows.import_id, rows.row_number
        """,
        {"account_id": account_id},
    )


def as_text(document: dict[str, Any]) -> str:
    """The document for a person."""
    lines = []
    for opt_out in document["opt_outs"]:
        lines.append(
            f"OPTED OUT  {opt_out['kind']} {opt_out['masked_display']} on"
            f" {opt_out['occurred_at']:%Y-%m-%d %H:%M} UTC, recorded by {opt_out['actor']}:"
            f" {opt_out['reason']}"
        )
    if not document["accounts"]:
        lines.append("It stands in no list that was built; whatever is imported later is blocked.")
    for account in document["accounts"]:
        lines += _account_lines(account)
    return "\n".join(printable(line) for line in lines)


def _account_lines(account: dict[str, Any]) -> list[str]:
    lines = [
        f"{account['company_name']}, {account['city'] or 'no city'} ({account['account_id']})",
        f"  allowed use {account['allowed_use']}, consent {account['consent_status']},"
        f" risk {account['risk_level']}",
    ]
    for contact in account["contacts"]:
        named = [contact[column] for column in ("full_name", "email", "phone_e164")]
        name = " | ".join(part for part in named if part) or "no contact point"
        lines.append(f"  {name} ({contact['contact_id'] or 'no contact'})")
        for channel in contact["channels"]:
            lines.append(f"    {channel['channel']}: {channel['verdict'].upper()}")
            lines += [f"      {line}" for rule in channel["rules"] for line in _rule_lines(rule)]
    for item in account["queue_items"]:
        customer = f" for {item['customer']}" if item["customer"] else ""
        lines.append(f"  queue: {item['queue_id']}{customer}: {item['status']}, {item['status_reason']}")
    lines.append("  from")
    lines += [f"    {_row_text(row)}" for row in account["source_rows"]]
    return lines


def _rule_lines(rule: dict[str, Any]) -> list[str]:
    law = ", ".join(part for part in (rule["source"], rule["source_article"]) if part)
    lines = [f"{rule['verdict']}: {rule['title']} [{rule['rule_id']}; {law}]"]
    where = rule["source_ref"]
    if where and rule["imported_at"]:
        _, _, row_number = where.partition(":")
        where = _row_text({**rule, "import_id": where.split(":")[0], "row_number": row_number})
    detail = "; ".join(part for part in (rule["evidence"], where) if part)
    return [*lines, f"  {detail}"] if detail else lines


def _row_text(row: dict[str, Any]) -> str:
    return (
        f"{row['source_name']}, {row['file_name'] or 'no file'}, row {row['row_number'] or '-'},"
        f" imported {row['imported_at']:%Y-%m-%d} ({row['import_id']})"
    )


@command("why")
@click.argument("subject")
def main(session: Session, subject: str) -> int:
    """Explain why a contact may or may not be written to.

    SUBJECT is an email, a phone number, a web address, a company name, a Google place id, or the
    id of an account, contact, queue item or lead row (imp_...:12). Exit 0 when something is ready,
    1 when nothing is, or when the subject is unknown.
    """
    document = explain(session, subject)
    ready = is_ready(document)
    session.answer({**document, "is_ready": ready}, as_text(document))
    return OK if ready else ANSWER_NO


if __name__ == "__main__":
    main()
