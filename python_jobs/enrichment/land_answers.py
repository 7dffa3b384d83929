"""Lands the answers of providers, each in a transaction of its own."""

import json
import uuid
from datetime import timedelta
from typing import Any

import duckdb

from python_jobs.enrichment.provider import Answer, Question
from python_jobs.landing import parse_urls
from python_jobs.landing.keyed_hash import HashKey
from python_jobs.landing.land_values import land_few_values
from python_jobs.warehouse.connection import utc_now


def land_answer(
    connection: duckdb.DuckDBPyConnection, key: HashKey, question: Question, answer: Answer, actor: str
) -> None:
    """One answer, committed: the fact, what of it may be held for a while, and the parse of its values."""
    result_id = "res_" + uuid.uuid4().hex[:16]
    now = utc_now()
    connection.execute("begin")
    try:
        connection.execute(
            """
            insert into raw.enrichment_results (
                result_id, provider, endpoint, subject, status, payload, cost_sar, actor, fetched_at
            ) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                *(result_id, question.provider, question.endpoint, question.subject, answer.status),
                json.dumps(answer.payload, ensure_ascii=False) if answer.payload is not None else None,
                question.cost_sar if answer.is_charged else 0,
                *(actor, now),
            ],
        )
        if answer.volatile is not None and question.content_hours:
            # A newer answer takes the older one's place.
            connection.execute(
                "delete from raw.google_cache where provider = ? and endpoint = ? and subject = ?",
                [question.provider, question.endpoint, question.subject],
            )
            connection.execute(
                "insert into raw.google_cache values (?, ?, ?, ?, ?, ?, ?)",
                [
                    *(result_id, question.provider, question.endpoint, question.subject),
                    json.dumps(answer.volatile, ensure_ascii=False),
                    *(now, now + timedelta(hours=question.content_hours)),
                ],
            )
        payload = answer.payload or {}
        land_few_values(connection, key, "phone", _parts(payload, "phones") + _parts(payload, "whatsapp"))
        land_few_values(connection, key, "email", _parts(payload, "emails"))
        if "emails" in payload:
            # Whose site it is: compared with the company's domains, and with the opt-outs.
            land_few_values(connection, key, "website", [payload["url"], payload["final_url"]])
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def _parts(payload: dict[str, Any], name: str) -> list[str]:
    return (payload.get(name) or "").split(";") if payload.get(name) else []


def parsed_hosts(answer: Answer) -> Answer:
    """The answer of a search with host and registrable domain of each hit, as the library reads them."""
    if answer.volatile is None or "items" not in answer.volatile:
        return answer
    items = []
    for item in answer.volatile["items"]:
        url = parse_urls.parse_urls(item.get("link"))[0]
        items.append(item | {"host": url.host, "domain": url.registrable_domain if url.is_valid else None})
    return Answer(answer.status, answer.payload, {"items": items}, answer.is_charged, answer.stops)
