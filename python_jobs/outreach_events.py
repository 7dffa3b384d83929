"""Appends outreach events: what was queued, approved, rejected or exported, by whom and when."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import duckdb

from python_jobs.command_line import UsageProblem

# Copied into every event from the queue item it is about.
ITEM_COLUMNS = ("queue_id", "customer", "account_id", "contact_id", "channel", "content_hash")


def new_id(prefix: str) -> str:
    """An id for something that happens once, such as an event or an export."""
    return f"{prefix}_{uuid.uuid4().hex[:16]}"


def append_events(
    connection: duckdb.DuckDBPyConnection,
    event: str,
    items: Sequence[dict],
    actor: str,
    occurred_at: datetime,
    **details: object,
) -> None:
    """Append one event per item, all with the same actor, time and details (columns of the table)."""
    if not items:
        return
    columns = ["event_id", "event", "actor", "occurred_at", *ITEM_COLUMNS, *details]
    marks = ", ".join("?" * len(columns))
    connection.executemany(
        f"insert into raw.outreach_events ({', '.join(columns)}) values ({marks})",
        [
            [
                *(new_id("evt"), event, actor, occurred_at),
                *(item[column] for column in ITEM_COLUMNS),
                *details.values(),
            ]
            for item in items
        ],
    )


def select_dicts(
    connection: duckdb.DuckDBPyConnection, query: str, values: dict[str, object] | None = None
) -> list[dict]:
    """The rows of a query as dictionaries; `values` are its $named parameters."""
    result = connection.execute(query, values or {})
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def parse_priorities(text: str) -> list[str]:
    """`P0,P1` as a list. Raises UsageProblem for anything but P0 to P3."""
    priorities = [part.strip().upper() for part in text.split(",") if part.strip()]
    unknown = [part for part in priorities if part not in ("P0", "P1", "P2", "P3")]
    if unknown or not priorities:
        raise UsageProblem(f"{text!r} is no list of priorities. Write for example P0,P1 (P0 to P3).")
    return priorities


def contact_line(item: dict) -> str:
    """Company, contact and how to reach it, in one line."""
    reach = item["phone_e164"] if item["channel"] == "phone_task" else item["email"]
    parts = [item["company_name"] or "(not in the graph any more)", item["contact_name"], item["channel"]]
    parts.append(reach or item["email"] or item["phone_e164"])
    return " | ".join(printable(part) for part in parts if part)


def printable(text: str) -> str:
    """The text without control characters and direction marks: a list's cell must not steer a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)
