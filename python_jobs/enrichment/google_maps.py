"""Google Maps as a provider (the legacy Places endpoints), and the one place where its client is called."""

import asyncio
import os
from collections.abc import Callable
from typing import Any

import googlemaps
import googlemaps.exceptions

from python_jobs.command_line import UsageProblem
from python_jobs.enrichment.provider import Answer, Question

KEY, BASE_URL = "GOOGLE_MAPS_API_KEY", "GOOGLE_MAPS_BASE_URL"
# Every field that is not named is not billed. https://developers.google.com/maps/documentation/places/web-service
DETAIL_FIELDS = (
    *("place_id", "name", "business_status", "type", "formatted_address"),
    *("website", "international_phone_number"),
)
TIMEOUT, RETRY_TIMEOUT = 10, 20
QUOTA = ("OVER_QUERY_LIMIT", "OVER_DAILY_LIMIT", "RESOURCE_EXHAUSTED", "http_429")


def open_client(retry_timeout: float = RETRY_TIMEOUT, timeout: float = TIMEOUT) -> googlemaps.Client | None:
    """The client with the key of GOOGLE_MAPS_API_KEY, or None when there is none.

    GOOGLE_MAPS_BASE_URL names another host that speaks the same language (a gateway of one's own).
    Raises UsageProblem for what cannot be a key.
    """
    key = os.environ.get(KEY)
    if not key:
        return None
    base = {"base_url": os.environ[BASE_URL]} if os.environ.get(BASE_URL) else {}
    try:
        return googlemaps.Client(
            key=key,
            timeout=timeout,
            retry_timeout=retry_timeout,
            retry_over_query_limit=False,
            **base,
        )
    except ValueError as error:
        raise UsageProblem(f"{KEY} is no Google Maps key: {error}.") from error


def call(function: Callable[..., dict[str, Any]], **arguments: Any) -> tuple[str, dict[str, Any]]:
    """Status and body of a call of the client, whatever goes wrong: timeout, http_<status>, malformed, ..."""
    try:
        body = function(**arguments)
        return str(body["status"]), body
    except googlemaps.exceptions.Timeout:
        return "timeout", {}
    except googlemaps.exceptions.ApiError as error:
        return str(error.status), {}
    except googlemaps.exceptions.HTTPError as error:
        code = error.status_code
        return "REQUEST_DENIED" if code in (401, 403) else f"http_{code}", {}
    except googlemaps.exceptions.TransportError as error:
        # The client wraps a body that is no JSON and a line that breaks alike.
        broken = isinstance(error.base_exception, ValueError) and not isinstance(
            error.base_exception, OSError
        )
        return "malformed" if broken else "connection_failed", {}
    except (KeyError, ValueError, TypeError):
        return "malformed", {}


def why_stop(status: str) -> str | None:
    """Why Google must not be asked further in this run, for a person; None when it may."""
    if status in QUOTA:
        return f"Google's quota is used up for now ({status}); the rest is asked another time."
    if status == "REQUEST_DENIED":
        return f"Google refuses the key ({status}): check {KEY} and what it is enabled for."
    return None


class GoogleMaps:
    """Answers `details` of a place id. What Google says is volatile; that the place is known, open or closed
    is the answer's status and stays.
    """

    name = "google_maps"
    needs = (KEY,)
    at_once = 4

    def __init__(self, client: googlemaps.Client):
        self._client = client

    async def __aenter__(self) -> "GoogleMaps":
        return self

    async def __aexit__(self, *problem: Any) -> None:
        self._client.session.close()

    async def ask(self, question: Question) -> Answer:
        """Status ok, CLOSED_PERMANENTLY, CLOSED_TEMPORARILY, NOT_FOUND, or the failure."""
        status, body = await asyncio.to_thread(
            call, self._client.place, place_id=question.argument, fields=list(DETAIL_FIELDS)
        )
        place = body.get("result")
        if status == "OK" and not isinstance(place, dict):
            status = "malformed"
        if status != "OK":
            return Answer(status, is_charged=status in ("NOT_FOUND", "ZERO_RESULTS"), stops=why_stop(status))
        business_status = str(place.get("business_status") or "")
        kept = {name: place.get(name) for name in (*DETAIL_FIELDS, "types") if place.get(name) is not None}
        return Answer(business_status if business_status.startswith("CLOSED_") else "ok", volatile=kept)
