"""`dealix why`: why a contact can or cannot be written to, with every rule, source row and date."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import duckdb

from python_jobs.command_line import ANSWER_NO, OK, Refusal, Session, UsageProblem, command
from python_jobs.landing.folding import fold_letters, fold_words
from python_jobs.landing.keyed_hash import HashKey, read_key
from python_jobs.landing.local_phones import numbers_anywhere
from python_jobs.landing.parse_emails import parse_emails
from python_jobs.landing.parse_phones import parse_phones
from python_jobs.landing.parse_urls import parse_urls
from python_jobs.landing.text_cleaning import clean_marks
from python_jobs.outreach_events import printable, select_dicts
from python_jobs.warehouse.connection import open_reader, utc_now

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
        if key and not found and not opt_outs:
            # Nobody's number at home: without country code it may be one of another state.
            hashes = [key.phone(number) for number in numbers_anywhere(text)]
            opt_outs = _opt_outs(connection, hashes, text)
            found = _find(connection, hashes, text)
        if not found and not opt_outs:
            raise Refusal(
                f"Nothing is known about {subject!r}: no account, contact, queue item, lead row or"
                " opt-out. Imported lists are found after `dealix run`."
            )
        account_ids = list(dict.fromkeys(account_id for account_id, _ in found))
        contact_ids = [contact_id for _, contact_id in found if contact_id]
        accounts = [_account(connection, account_id, contact_ids) for account_id in account_ids]
        return {
            "subject": subject,
            "checked_at": utc_now(),
            **_policy(connection),
            "opt_outs": opt_outs,
            "history": _history(connection, hashes, text, account_ids),
            "accounts": accounts,
        }


def is_ready(document: dict[str, Any]) -> bool:
    """Whether the gate shows a channel of any contact in the document as ready."""
    return any(
        channel["verdict"] == "ready"
        for account in document["accounts"]
        for contact in account["contacts"]
        for channel in contact["channels"]
    )


def _policy(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """By which policy and which build the answer was given."""
    return select_dicts(
        connection,
        """
        select
            policy.policy_version,
            build.is_current as build_is_current,
            build.reason as build_reason,
            build.last_complete_build_at
        from compliance.policy_version as policy
        cross join compliance.build_status as build
        """,
    )[0]


def _history(
    connection: duckdb.DuckDBPyConnection, hashes: Sequence[str], text: str, account_ids: Sequence[str]
) -> list[dict]:
    """Every opt-out, release, consent, withdrawal and notice about the subject or its accounts."""
    return select_dicts(
        connection,
        """
        with names as materialized (
            select unnest($hashes::varchar[]) as name
            union
            select $text
            union
            select unnest([hash, domain_hash]) from graph.contact_identifiers
            where list_contains($account_ids::varchar[], account_id)
            union
            select unnest([hash, value]) from graph.account_identifiers
            where list_contains($account_ids::varchar[], account_id)
            union
            select alias_id from graph.account_aliases
            where list_contains($account_ids::varchar[], account_id)
        )

        select
            'suppression' as register, event, kind, masked_display, scope, reason as detail, actor,
            occurred_at, event_id
        from raw.suppression_events
        where subject_hash in (from names) or host_hash in (from names) or site_hash in (from names)
            or subject_id in (from names)
        union all
        select
            'consent', event, kind, masked_display, purpose, means || ', ' || evidence, actor,
            occurred_at, event_id
        from raw.consent_events
        where subject_hash in (from names)
        order by occurred_at, event_id
        """,
        {"hashes": list(hashes), "text": text, "account_ids": list(account_ids)},
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
        -- A WhatsApp number is nobody to contact, and still the company's.
        select account_id, null from graph.site_contact_points
        where contact_id is null and list_contains($hashes::varchar[], hash)
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
                    coalesce(instr(folded_name, $folded), 0) = 0 or $folded = '',
                    coalesce(instr(folded_name_ar, $folded), 0) = 0 or $folded = '',
                    coalesce(instr(normalized_name, lower($text)), 0) = 0
                ) as is_other,
                folded_name = $folded or folded_name_ar = $folded
                    or normalized_name = lower($text) as is_exact
            from (
                select
                    *,
                    trim(regexp_replace(
                        translate(lower(company_name), $fold_from, $fold_to), '[^\\p{L}\\p{N}]+', ' ', 'g'
                    )) as folded_name,
                    trim(regexp_replace(
                        translate(lower(company_name_ar), $fold_from, $fold_to), '[^\\p{L}\\p{N}]+', ' ', 'g'
                    )) as folded_name_ar
                from graph.accounts
            )
        )

        select account_id, company_name, city, coalesce(is_exact, false) as is_exact
        from names
        where not is_other
        order by is_exact desc, length(company_name), account_id
        """,
        {
            "text": text,
            "folded": " ".join(fold_words(text)),
            "fold_from": fold_letters()[0],
            "fold_to": fold_letters()[1],
        },
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
        select
            account_id, company_name, company_name_ar, city, allowed_use, consent_status, risk_level, opt_out
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
    published = _published(connection, account_id)
    if not contacts:
        wanted = [{"contact_id": None, "full_name": None, "email": None, "phone_e164": None}]
    for contact in wanted:
        values = (contact["email"], contact["phone_e164"])
        contact["published"] = [point for point in published if point["value"] in values]
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
        "published_contact_points": published,
        "live_places": _live_places(connection, account_id),
        "queue_items": _queue_items(connection, account_id),
        "source_rows": _source_rows(connection, account_id),
    }


def _published(connection: duckdb.DuckDBPyConnection, account_id: str) -> list[dict]:
    """What the company's own site publishes; nobody consented by it."""
    return select_dicts(
        connection,
        """
        select
            kind, value, value_kind, permitted_use, consent_status, evidence, doubt, 'website' as source,
            source_url, detected_at, valid_until, result_id, contact_id
        from graph.site_contact_points where account_id = $account_id
        order by kind, value
        """,
        {"account_id": account_id},
    )


def _live_places(connection: duckdb.DuckDBPyConnection, account_id: str) -> list[dict]:
    """What Google says of the account's places, as long as it may be shown. Not for a file: it expires."""
    return select_dicts(
        connection,
        """
        select
            place_id, name, phone, website, address, business_status, attribution, fetched_at, expires_at
        from graph.live_places where account_id = $account_id
        order by place_id
        """,
        {"account_id": account_id},
    )


def _queue_items(connection: duckdb.DuckDBPyConnection, account_id: str) -> list[dict]:
    items = select_dicts(
        connection,
        """
        select queue_id, contact_id, channel, customer, status, status_reason, queued_at
        from outreach.outreach_queue where account_id = $account_id
        order by queued_at, queue_id
        """,
        {"account_id": account_id},
    )
    events = select_dicts(
        connection,
        """
        select
            queue_id, event, actor, occurred_at, reason, content_hash, expires_at, recipient, purpose,
            export_id, export_file
        from raw.outreach_events
        where list_contains($ids::varchar[], queue_id)
        order by occurred_at, event_id
        """,
        {"ids": [item["queue_id"] for item in items]},
    )
    for item in items:
        item["events"] = [
            {name: value for name, value in event.items() if value is not None and name != "queue_id"}
            for event in events
            if event["queue_id"] == item["queue_id"]
        ]
    return items


def _rule_hits(connection: duckdb.DuckDBPyConnection, account_id: str) -> list[dict]:
    return select_dicts(
        connection,
        """
        select
            hits.rule_id,
            hits.title,
            hits.title_ar,
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
    past = [entry for entry in document["history"] if entry["event_id"] not in _ids(document["opt_outs"])]
    lines += [_history_line(entry) for entry in past]
    lines.append(
        f"Policy {document['policy_version']}, at {document['checked_at']:%Y-%m-%d %H:%M} UTC"
        + ("." if document["build_is_current"] else f". Exports are stopped: {document['build_reason']}")
    )
    return "\n".join(printable(line) for line in lines)


def _ids(events: Sequence[dict]) -> set[str]:
    return {event["event_id"] for event in events}


def _history_line(entry: dict[str, Any]) -> str:
    scope = "" if entry["scope"] in (None, "all") else f" ({entry['scope']})"
    return (
        f"{entry['register']}: {entry['event'].replace('_', ' ')} {entry['masked_display']}{scope} on"
        f" {entry['occurred_at']:%Y-%m-%d %H:%M} UTC by {entry['actor']}: {entry['detail']}"
    )


def _account_lines(account: dict[str, Any]) -> list[str]:
    lines = [
        f"{account['company_name']}, {account['city'] or 'no city'} ({account['account_id']})",
        f"  allowed use {account['allowed_use']}, consent {account['consent_status']},"
        f" risk {account['risk_level']}",
    ]
    for place in account["live_places"]:
        said = (place[part] for part in ("name", "phone", "website", "address", "business_status"))
        lines.append(
            f"  {place['attribution']} says ({place['place_id']}, to be shown until"
            f" {place['expires_at']:%Y-%m-%d %H:%M} UTC): {' | '.join(part for part in said if part)}"
        )
    for contact in account["contacts"]:
        named = [contact[column] for column in ("full_name", "email", "phone_e164")]
        name = " | ".join(part for part in named if part) or "no contact point"
        lines.append(f"  {name} ({contact['contact_id'] or 'no contact'})")
        lines += [f"    {_published_text(point)}" for point in contact["published"]]
        for channel in contact["channels"]:
            lines.append(f"    {channel['channel']}: {channel['verdict'].upper()}")
            lines += [f"      {line}" for rule in channel["rules"] for line in _rule_lines(rule)]
    lines += [
        f"  {point['value']}: for replies only, {_published_text(point)}"
        for point in account["published_contact_points"]
        if point["permitted_use"] == "inbound_only"
    ]
    for item in account["queue_items"]:
        customer = f" for {item['customer']}" if item["customer"] else ""
        lines.append(f"  queue: {item['queue_id']}{customer}: {item['status']}, {item['status_reason']}")
        for event in item["events"]:
            detail = event.get("export_file") or event.get("reason")
            lines.append(
                f"    {event['occurred_at']:%Y-%m-%d %H:%M} {event['event'].replace('_', ' ')}"
                f" by {event['actor']}" + (f": {detail}" if detail else "")
            )
    lines.append("  from")
    lines += [f"    {_row_text(row)}" for row in account["source_rows"]]
    return lines


def _published_text(point: dict[str, Any]) -> str:
    return (
        f"{point['evidence']}: {point['source_url']}, seen on {point['detected_at']:%Y-%m-%d}"
        f" ({point['result_id']})"
    )


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


def write_form(document: dict[str, Any], target: Path) -> None:
    """Write the certificate as one printable page that needs nothing else, for its owner's eyes only.

    Raises UsageProblem when the file exists or cannot be written.
    """
    import jinja2

    template = Path(__file__).with_name("why_form.html").read_text(encoding="utf-8")
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(template)
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(page.render(document=document, is_ready=is_ready(document)))
    except FileExistsError as error:
        raise UsageProblem(f"{target} exists. Choose another name.") from error
    except OSError as error:
        raise UsageProblem(f"{target} cannot be written: {error.strerror}.") from error


@command("why")
@click.argument("subject")
@click.option(
    "--form",
    metavar="FILE.html",
    type=click.Path(path_type=Path),
    help="Write the certificate as a printable page as well.",
)
def main(session: Session, subject: str, form: Path | None) -> int:
    """Explain why a contact may or may not be written to.

    SUBJECT is an email, a phone number, a web address, a company name in Arabic or English, a Google
    place id, or the id of an account, contact, queue item or lead row (imp_...:12). Shows every rule with
    its article, evidence and source row (or page of the company's site), the opt-outs and consents,
    approvals and exports, and the policy that judged; and what Google Maps says of its places while that is
    fresh. Exit 0 when something is ready, 1 when nothing is, or when the subject is unknown.
    """
    document = explain(session, subject)
    ready = is_ready(document)
    if form is not None:
        write_form(document, form)
    session.answer({**document, "is_ready": ready}, as_text(document))
    return OK if ready else ANSWER_NO


if __name__ == "__main__":
    main()
