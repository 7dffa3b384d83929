"""`dealix suppress`: lands opt-outs (and logged releases). They take effect at the next read.

`dealix release` is a command of its own for the same facts.
"""

import csv
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import click
import duckdb

from python_jobs.command_line import (
    ANSWER_NO,
    OK,
    Refusal,
    Session,
    UsageProblem,
    by_option,
    command,
    someone_can_be_asked,
)
from python_jobs.landing.column_mapping import propose_mapping
from python_jobs.landing.customer_names import CUSTOMER_SCOPE, customer_as_named, named_customers
from python_jobs.landing.folding import fold_header
from python_jobs.landing.handed_list import read_list
from python_jobs.landing.import_metadata import check_country
from python_jobs.landing.keyed_hash import HashKey, open_key
from python_jobs.landing.local_phones import PLACE_FIELDS, states_named
from python_jobs.landing.parse_emails import parse_emails
from python_jobs.landing.parse_phones import parse_phones
from python_jobs.landing.parse_urls import parse_urls
from python_jobs.landing.text_cleaning import clean_marks
from python_jobs.outreach_events import new_id
from python_jobs.warehouse.connection import PROJECT_ROOT, open_writer, utc_now

KINDS = ("email", "phone", "domain", "place_id", "account")
# What a column of a lead file is, and what of it can be suppressed.
FIELD_KINDS = {"email": "email", "phone": "phone", "website": "domain", "place_id": "place_id"}
# Names of the kinds that head no column of a lead file.
KIND_NAMES = {
    **{fold_header(kind): kind for kind in KINDS},
    **dict.fromkeys(["domains", "host"], "domain"),
    **dict.fromkeys(["accountid", "contactid"], "account"),
}
REASON_NAMES = frozenset(map(fold_header, ["reason", "السبب"]))
PLACE_ID = re.compile(r"^(?:ChIJ|GhIJ|EiI|Ei)[\w-]{10,}$")
SHOWN_SUBJECTS = 20
ACCOUNT_ID = re.compile(r"^acc_[0-9a-f]{16}$")


@dataclass(frozen=True)
class Subject:
    """What is suppressed, as it is landed: hashes under the secret key, or an id; never the value itself."""

    kind: str
    masked_display: str
    subject_hash: str | None = None
    host_hash: str | None = None
    site_hash: str | None = None
    subject_id: str | None = None


@dataclass(frozen=True)
class Entry:
    """One value that somebody wants suppressed; `line` is its line in a file, `place` where that puts it."""

    kind: str | None
    value: str
    reason: str
    line: int | None = None
    place: str = ""


@dataclass(frozen=True)
class SuppressionOrder:
    """What is to be recorded, by whom. `scope`: all, a channel, or `customer:` and a name."""

    actor: str
    scope: str = "all"
    release: bool = False
    source_file: str | None = None
    is_preview: bool = False


class NotASubject(ValueError):
    """The value cannot be suppressed as this kind; the message says why."""


def suppress(session: Session, entries: Sequence[Entry], order: SuppressionOrder) -> dict[str, Any]:
    """Land one event per subject, in one transaction, and tell what it reaches now.

    A value that cannot be read is never landed and always listed under `rejected`. Needs no built warehouse.
    A preview lands nothing: it asks the same rules within a transaction that is taken back.
    Raises Refusal for a release of something that is not suppressed.
    """
    with open_writer(session.warehouse, "dealix suppress", session.say) as connection:
        connection.begin()
        key = open_key(connection, session.warehouse, order.actor)
        order, notes = _for_known_customer(connection, order)
        subjects, rejected = [], []
        for entry in entries:
            try:
                found = read_subjects(connection, key, entry.kind, entry.value, entry.place)
                subjects += [(subject, entry.reason) for subject in found]
            except NotASubject as problem:
                rejected.append({**asdict(entry), "problem": str(problem)})
        if order.release:
            _check_suppressed(connection, [subject for subject, _ in subjects], order.scope)
        event_ids = append_suppressions(connection, subjects, order)
        if order.is_preview:
            reaches = _reach(connection, event_ids)
            connection.rollback()
        else:
            connection.commit()
            reaches = _reach(connection, event_ids)
    return {
        "event": "release" if order.release else "opt_out",
        "scope": order.scope,
        "is_preview": order.is_preview,
        "landed": [{**asdict(subject), "reason": reason} for subject, reason in subjects],
        "rejected": rejected,
        "reaches": reaches,
        "notes": notes,
    }


def _for_known_customer(
    connection: duckdb.DuckDBPyConnection, order: SuppressionOrder
) -> tuple[SuppressionOrder, list[str]]:
    """The order for its customer as that is spelt elsewhere, and what to tell of one never heard of."""
    if not order.scope.startswith(CUSTOMER_SCOPE):
        return order, []
    customer = customer_as_named(connection, order.scope.removeprefix(CUSTOMER_SCOPE))
    ours = [name for name, is_ours in named_customers(connection).items() if is_ours]
    notes = []
    if customer not in ours:
        notes.append(
            f"There is no customer {customer!r} yet: nothing is blocked by it until something is prepared"
            f" under that name. The customers are: {', '.join(ours) or 'none'}."
        )
    return replace(order, scope=CUSTOMER_SCOPE + customer), notes


def read_subjects(
    connection: duckdb.DuckDBPyConnection, key: HashKey, kind: str | None, value: str, place: str = ""
) -> list[Subject]:
    """The subjects in a text, read by the parsers of the imported lists; kind None: only when certain.

    A phone number of another Gulf state, which `place` names, is two without its country code: whom it is
    there, and whom it is at home. Raises NotASubject when a part of it cannot be read.
    """
    text = clean_marks(value)
    if not text:
        raise NotASubject("it is empty")
    if kind is not None and kind not in READERS:
        raise NotASubject(f"{kind!r} is no kind; the kinds are {', '.join(KINDS)}")
    if kind == "phone":
        return _read_phones(connection, key, text, states_named(place))
    if kind is not None:
        return READERS[kind](connection, key, text)
    kinds = [name for name, names_one in LOOKS_LIKE.items() if names_one(text)]
    if len(kinds) != 1:
        raise NotASubject("it is not certain what it is; say the kind in a column kind,value")
    return READERS[kinds[0]](connection, key, text)


def _read_emails(_connection, key: HashKey, text: str) -> list[Subject]:
    return [
        Subject("email", mask_email(part.email), subject_hash=key.email(part.email))
        for part in _all_valid(parse_emails(text), "email address")
    ]


def _read_phones(_connection, key: HashKey, text: str, states: Collection[str] = ()) -> list[Subject]:
    readings = [parse_phones(text), *(parse_phones(text, state) for state in sorted(states))]
    whole = [reading for reading in readings if all(part.is_valid for part in reading)]
    numbers = dict.fromkeys(
        part.e164 for reading in whole or readings[:1] for part in _all_valid(reading, "phone number")
    )
    return [Subject("phone", mask_phone(number), subject_hash=key.phone(number)) for number in numbers]


def _read_domains(_connection, key: HashKey, text: str) -> list[Subject]:
    # The domain, its host and the site on a shared host: SQL knows which hosts are shared, so it
    # blocks one shop there and not the whole host.
    return [
        Subject(
            "domain",
            part.host + (f"/{part.first_path_segment}" if part.first_path_segment else ""),
            subject_hash=key.domain(part.registrable_domain),
            host_hash=key.domain(part.host),
            site_hash=(
                key.site(part.registrable_domain, part.first_path_segment)
                if part.first_path_segment
                else None
            ),
        )
        for part in _all_valid(parse_urls(text), "web address or domain")
    ]


def _read_place_id(_connection, _key: HashKey, text: str) -> list[Subject]:
    if not PLACE_ID.match(text):
        raise NotASubject("it is no Google place id (they look like ChIJN1t_tDeuEmsRUsoyG83frY4)")
    return [Subject("place_id", text, subject_id=text)]


def _read_account(connection: duckdb.DuckDBPyConnection, _key: HashKey, text: str) -> list[Subject]:
    if not ACCOUNT_ID.match(text):
        raise NotASubject("it is no account id (acc_ and 16 characters)")
    try:
        known = connection.execute(
            # Of every record, in the graph or not: what a withdrawn list knew may come back.
            "select 1 from identity.accepted_rows where row_account_id = $id",
            {"id": text},
        ).fetchone()
    except duckdb.CatalogException:
        known = True  # nothing built yet: SQL resolves the id when it is
    if not known:
        raise NotASubject("there is no account with this id")
    return [Subject("account", text, subject_id=text)]


READERS: dict[str, Callable[[duckdb.DuckDBPyConnection, HashKey, str], list[Subject]]] = {
    "email": _read_emails,
    "phone": _read_phones,
    "domain": _read_domains,
    "place_id": _read_place_id,
    "account": _read_account,
}


LOOKS_LIKE: dict[str, Callable[[str], bool]] = {
    "email": lambda text: any(part.is_valid for part in parse_emails(text)),
    "phone": lambda text: any(part.is_valid for part in parse_phones(text)),
    "domain": lambda text: any(part.is_valid for part in parse_urls(text)),
    "place_id": lambda text: bool(PLACE_ID.match(text)),
    "account": lambda text: bool(ACCOUNT_ID.match(text)),
}


def _all_valid(parts: Sequence, what: str) -> Sequence:
    for part in parts:
        if not part.is_valid:
            reason = (part.reject_reason or "unreadable").replace("_", " ")
            raise NotASubject(f"it is no valid {what}: {reason}")
    return parts


def mask_email(address: str) -> str:
    """`a***@acme.sa`: enough for a person to recognise, not enough to write to."""
    local_part, _, domain = address.partition("@")
    return f"{local_part[:1]}***@{domain}"


def mask_phone(e164: str) -> str:
    """`+9665*****567`."""
    return f"{e164[:5]}{'*' * max(len(e164) - 8, 1)}{e164[-3:]}"


def append_suppressions(
    connection: duckdb.DuckDBPyConnection,
    subjects: Sequence[tuple[Subject, str]],
    order: SuppressionOrder,
) -> list[str]:
    """Append one event per (subject, reason) and return the ids of the events."""
    key_id = connection.execute("select key_id from raw.hash_keys order by created_at").fetchone()
    event_ids = [new_id("sup") for _ in subjects]
    # One statement for all of them: a list of opt-outs may have hundreds of thousands.
    connection.execute(
        """
        insert into raw.suppression_events (
            event_id, event, kind, subject_hash, host_hash, site_hash, subject_id,
            masked_display, scope, reason, key_id, source_file, actor, occurred_at
        )
        select
            unnest($event_ids::varchar[]), $event, unnest($kind::varchar[]),
            unnest($subject_hash::varchar[]), unnest($host_hash::varchar[]),
            unnest($site_hash::varchar[]), unnest($subject_id::varchar[]),
            unnest($masked_display::varchar[]), $scope, unnest($reasons::varchar[]),
            $key_id, $source_file, $actor, $now
        """,
        {
            "event_ids": event_ids,
            "event": "release" if order.release else "opt_out",
            **{
                name: [getattr(subject, name) for subject, _ in subjects]
                for name in (
                    *("kind", "subject_hash", "host_hash", "site_hash", "subject_id"),
                    "masked_display",
                )
            },
            "scope": order.scope,
            "reasons": [reason for _, reason in subjects],
            "key_id": key_id[0],
            "source_file": order.source_file,
            "actor": order.actor,
            "now": utc_now(),
        },
    )
    return event_ids


def _check_suppressed(connection: duckdb.DuckDBPyConnection, subjects: Sequence[Subject], scope: str) -> None:
    """A release takes back exactly what was suppressed, so that a shop's release frees no whole host.

    And in the scope that it had, or in every one: in another it would take back nothing.
    """
    for subject in subjects:
        suppressed = connection.execute(
            """
            select
                masked_display,
                host_hash is not distinct from $host_hash
                and site_hash is not distinct from $site_hash as is_same,
                scope
            from raw.suppression_events
            where event <> 'release' and kind = $kind
                and subject_hash is not distinct from $subject_hash
                and subject_id is not distinct from $subject_id
            group by all
            order by is_same desc, masked_display, scope
            """,
            {name: value for name, value in asdict(subject).items() if name != "masked_display"},
        ).fetchall()
        if not suppressed:
            raise Refusal(f"{subject.masked_display} was never suppressed as {subject.kind}.")
        scopes = [found for _, is_same, found in suppressed if is_same]
        if not scopes:
            names = ", ".join(dict.fromkeys(display for display, _, _ in suppressed))
            raise Refusal(f"{subject.masked_display} was suppressed as {names}: release that.")
        if scope != "all" and scope not in scopes:
            raise Refusal(
                f"{subject.masked_display} was never suppressed in the scope {scope}, but in:"
                f" {', '.join(scopes)}. Release that, or without --customer and --channel all of them."
            )


def _reach(connection: duckdb.DuckDBPyConnection, event_ids: Sequence[str]) -> dict[str, Any] | None:
    """What the events reach now, past exports included; None before a build of a file of this name."""
    try:
        figures = connection.execute(
            """
            with hits as materialized (
                select distinct account_id, contact_id, channel, customer
                from (
                    select account_id, contact_id, channel, customer, source_ref
                    from compliance.suppressed_contact
                    union all
                    select account_id, contact_id, channel, customer, source_ref
                    from compliance.suppressed_account
                )
                where list_contains($ids, source_ref)
            ),

            contacts as materialized (
                select distinct contacts.contact_id, hits.channel, hits.customer
                from hits
                inner join graph.contacts as contacts on hits.account_id = contacts.account_id
                where coalesce(hits.contact_id, contacts.contact_id) = contacts.contact_id
            ),

            events as materialized (
                select events.event, events.queue_id, events.export_id, events.export_file
                from raw.outreach_events as events
                inner join graph.contact_aliases as aliases on events.contact_id = aliases.alias_id
                inner join contacts on aliases.contact_id = contacts.contact_id
                where events.event in ('queued', 'exported')
                    -- A scope reaches the items of its channel, or of its customer.
                    and coalesce(contacts.channel, events.channel) = events.channel
                    and coalesce(contacts.customer, events.customer, '') = coalesce(events.customer, '')
            )

            select
                (select count(distinct account_id) from hits) as accounts,
                (select count(distinct contact_id) from contacts) as contacts,
                count(distinct queue_id) filter (where event = 'queued') as queue_items,
                count(distinct queue_id) filter (where event = 'exported') as exported_items,
                count(distinct export_id) filter (where event = 'exported') as exports,
                list_sort(coalesce(list(distinct export_file) filter (where event = 'exported'), []))
                    as export_files
            from events
            """,
            {"ids": list(event_ids)},
        )
    except (duckdb.CatalogException, duckdb.BinderException):
        return None
    names = [column[0] for column in figures.description]
    return dict(zip(names, figures.fetchone(), strict=True))


def read_file(path: Path, reason: str) -> list[Entry]:
    """The values of a list in any format: columns kind,value[,reason], or columns for phones, emails,
    websites and the like among others, or one value per line.

    Every line that is not blank becomes an entry, or one per value. Raises UsageProblem when the file is
    unreadable or holds none.
    """
    listed = read_list(path)
    names = {fold_header(column): column for column in listed.columns}
    kinds = {
        column: kind
        for column in listed.columns
        if (kind := KIND_NAMES.get(fold_header(column)) or FIELD_KINDS.get(listed.fields[column]))
    }
    reasons = [column for name, column in names.items() if name in REASON_NAMES]
    places = [column for column in listed.columns if listed.fields[column] in PLACE_FIELDS]
    entries = []
    if listed.columns and "value" not in names and not kinds:
        # No header at all: it may be the first value.
        entries.append(Entry(None, " ".join(listed.columns), reason, 1))
    for line in listed.lines:
        said = next((line.cells[column] for column in reasons if line.cells.get(column)), reason)
        if line.cells and "value" in names:
            kind = _kind_of(line.cells.get(names.get("kind", ""), ""))
            entries.append(Entry(kind, line.cells[names["value"]], said, line.row_number))
            continue
        place = ", ".join(filter(None, (line.cells.get(column) for column in places)))
        found = [
            Entry(kind, line.cells[column], said, line.row_number, place)
            for column, kind in kinds.items()
            if line.cells.get(column)
        ]
        entries += found or [Entry(None, line.text, said, line.row_number)]
    return entries


def _kind_of(name: str) -> str | None:
    """The kind that a cell names, in the words of a header; as it stands when it is none of ours."""
    if not name:
        return None
    folded = KIND_NAMES.get(fold_header(name))
    return folded or FIELD_KINDS.get(propose_mapping([name])[0].field, name)


def subject_options(function: Callable) -> Callable:
    """--email, --phone, --domain, --place-id, --account: the one value that a command is about."""
    for option in (
        click.option("--account", help="An account id."),
        click.option("--place-id", help="A Google place id."),
        click.option(
            "--domain", help="A web address, host or domain; on a shared host the shop's own address."
        ),
        click.option("--phone", help="A phone number in any spelling."),
        click.option("--email", help="An email address."),
    ):
        function = option(function)
    return function


def scope_options(function: Callable) -> Callable:
    """--customer, --channel: for whom and where it counts; neither: everywhere."""
    function = click.option("--channel", help="Only on this channel. Default: every channel.")(function)
    return click.option("--customer", help="Only for this customer. Default: for every customer.")(function)


def scope_of(customer: str | None, channel: str | None) -> str:
    """The scope as it is landed. Raises UsageProblem for both at once, a blank name or an unknown channel."""
    if customer is not None and channel is not None:
        raise UsageProblem("Say --customer or --channel, not both.")
    if customer is not None:
        if not customer.strip():
            raise UsageProblem("--customer needs a name.")
        return CUSTOMER_SCOPE + customer.strip()
    if channel is not None:
        with (PROJECT_ROOT / "seeds" / "compliance" / "channel_policy.csv").open(encoding="utf-8") as file:
            channels = [row["channel"] for row in csv.DictReader(file)]
        if channel not in channels:
            raise UsageProblem(f"{channel!r} is no channel; the channels are {', '.join(channels)}.")
        return channel
    return "all"


@command("suppress")
@subject_options
@click.option(
    "--from-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A list in any format that import reads: columns for phones, emails, websites, place ids or "
    "account ids among others, or kind,value[,reason], or one value per line.",
)
@click.option(
    "--country",
    metavar="CODE",
    help="The Gulf state of numbers without a country code, where a list names no place: each is suppressed "
    "as a number there and as a Saudi one. As for import.",
)
@scope_options
@click.option("--reason", required=True, help="Why; recorded.")
@click.option("--release", is_flag=True, help="Take a suppression back, like `dealix release`.")
@click.option("--preview", is_flag=True, help="Only show what it would reach; nothing is recorded.")
@click.option("--yes", is_flag=True, help="Do not ask after the preview of a domain or a file.")
@by_option
def main(
    session: Session,
    from_file: Path | None,
    country: str | None,
    customer: str | None,
    channel: str | None,
    reason: str,
    release: bool,
    preview: bool,
    yes: bool,
    by: str,
    **values: str | None,
) -> int:
    """Record an opt-out: the contact is blocked from the next moment on, on every channel.

    The value is stored as a keyed hash only, and never expires. It needs no build: whatever is
    imported later in another spelling is blocked too. Before a domain or a file is suppressed you see
    what that reaches (accounts, contacts, queue items, past exports), and are asked if you sit at a
    terminal. Exit 1 when lines of a file were rejected.
    """
    chosen = [(kind, value) for kind, value in values.items() if value is not None]
    if len(chosen) + (from_file is not None) != 1:
        raise UsageProblem(
            "Say exactly one of --email, --phone, --domain, --place-id, --account, --from-file."
        )
    if not reason.strip():
        raise UsageProblem("A suppression needs a reason.")
    if release and from_file:
        raise UsageProblem("A release is one decision: name one value instead of a file.")
    if from_file:
        entries = read_file(from_file, reason.strip())
        source = str(from_file.absolute())
    else:
        entries, source = [Entry(*chosen[0], reason.strip())], None
    if state := check_country(country):
        entries = [replace(entry, place=entry.place or state) for entry in entries]
    order = SuppressionOrder(by, scope_of(customer, channel), release, source, preview)
    reaches_many = (from_file or values["domain"] is not None) and not release
    if reaches_many and not preview and not yes and someone_can_be_asked() and not session.as_json:
        shown = suppress(session, entries, replace(order, is_preview=True))
        session.say(as_text(shown))
        if shown["landed"] and not click.confirm("Suppress it?", err=True):
            raise Refusal("Nothing was recorded.")
    document = suppress(session, entries, order)
    if not from_file and document["rejected"]:
        kind, value = chosen[0]
        problem = document["rejected"][0]["problem"]
        raise UsageProblem(f"{value!r} cannot be suppressed as {kind}: {problem}. Nothing was recorded.")
    session.answer(document, as_text(document))
    return ANSWER_NO if document["rejected"] else OK


def as_text(document: dict[str, Any]) -> str:
    """The document for a person."""
    done = "Released" if document["event"] == "release" else "Suppressed"
    if document["is_preview"]:
        done = f"Would be {done.lower()}"
    scope = "" if document["scope"] == "all" else f" ({document['scope']})"
    lines = [
        f"{done}: {subject['kind']} {subject['masked_display']}{scope}"
        for subject in document["landed"][:SHOWN_SUBJECTS]
    ]
    if len(document["landed"]) > SHOWN_SUBJECTS:
        lines.append(f"... and {len(document['landed']) - SHOWN_SUBJECTS:,} more")
    reaches = document["reaches"]
    counts = "It would reach" if document["is_preview"] else "It counts from now on and reaches"
    if not document["landed"]:
        lines.append("Nothing was recorded.")
    elif document["event"] == "release":
        lines.append("It counts from now on. What else blocks the contact still does: dealix why.")
    elif reaches is None:
        lines.append("It counts from now on; nothing has been built yet that it could reach.")
    else:
        lines.append(
            f"{counts} {reaches['accounts']} accounts,"
            f" {reaches['contacts']} contacts, {reaches['queue_items']} queue items."
        )
        if reaches["exported_items"]:
            files = ", ".join(reaches["export_files"])
            lines.append(
                f"{reaches['exported_items']} of them left in {reaches['exports']} exports already: {files}."
                " Whoever has such a file: dealix recall-check FILE."
            )
    lines += document["notes"]
    for entry in document["rejected"]:
        lines.append(f"Not recorded, line {entry['line']}: {entry['value']!r}: {entry['problem']}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
