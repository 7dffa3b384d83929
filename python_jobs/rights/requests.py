"""The requests of persons as facts: asked, completed. A subject's open request of a kind is one."""

import duckdb

from python_jobs.landing.keyed_hash import HashKey
from python_jobs.outreach_events import new_id
from python_jobs.rights.subject_values import SubjectValues
from python_jobs.warehouse.connection import utc_now


def record_step(
    connection: duckdb.DuckDBPyConnection,
    right: str,
    event: str,
    subject: SubjectValues,
    key: HashKey,
    reason: str,
    actor: str,
) -> list[str]:
    """Land `requested` (unless the subject has an open request) or `completed` (of each open one).

    Returns the ids of the requests.
    """
    open_ids = open_requests(connection, right, subject, key)
    if event == "requested" and open_ids:
        return open_ids
    request_ids = open_ids if event == "completed" else [new_id("req")]
    hashed, (kind, masked) = next(iter(subject.hashes(key).items()))
    for request_id in request_ids:
        connection.execute(
            "insert into raw.rights_requests values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(new_id("rig"), request_id, right, event, kind, hashed, masked),
                *(reason, actor, utc_now()),
            ],
        )
    return request_ids


def open_requests(
    connection: duckdb.DuckDBPyConnection, right: str, subject: SubjectValues, key: HashKey
) -> list[str]:
    """The subject's requests of this kind that are not completed."""
    found = connection.execute(
        """
        select distinct request_id from raw.rights_requests as asked
        where request_right = $right and event = 'requested'
            and list_contains($hashes::varchar[], subject_hash)
            and not exists (
                from raw.rights_requests as ended
                where ended.request_id = asked.request_id and ended.event = 'completed'
            )
        order by request_id
        """,
        {"right": right, "hashes": list(subject.hashes(key))},
    ).fetchall()
    return [row[0] for row in found]
