"""Finds places of a sector in a city on Google Maps: every query, page by page."""

import csv
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import googlemaps

from python_jobs.command_line import UsageProblem
from python_jobs.enrichment.google_maps import call, why_stop
from python_jobs.landing.folding import fold_header
from python_jobs.warehouse.connection import PROJECT_ROOT, utc_now

SEEDS = PROJECT_ROOT / "seeds"
# Seconds until a next_page_token is valid: Google says "a short delay".
PAGE_DELAY = 2.0
PAGE_TRIES = 3
MOST_PAGES = 3  # Google gives 60 places to a query at most
COLUMNS = (
    *("place_id", "name", "formatted_address", "business_status", "types"),
    *("sector", "city", "query", "query_language", "fetched_at", "expires_at", "attribution"),
)


@dataclass
class Discovery:
    """Places (a dict per place, keys as COLUMNS), and what went wrong on the way, for a person."""

    places: list[dict[str, Any]] = field(default_factory=list)
    queries: int = 0
    problems: list[str] = field(default_factory=list)


@functools.cache
def _rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sectors() -> list[str]:
    """The sectors that have queries, in the order of the seed."""
    return list(dict.fromkeys(row["sector"] for row in _rows("enrichment/discovery_queries")))


def content_hours() -> int:
    """Hours for which what Google Maps says may be held."""
    return min(
        int(row["content_hours"])
        for row in _rows("enrichment/enrichment_endpoints")
        if row["provider"] == "google_maps"
    )


def queries_of(sector: str, city: str) -> list[tuple[str, str]]:
    """(language, text) of every query of the sector in the city, English and Arabic in turn.

    Raises UsageProblem with what is known, for another sector or city.
    """
    chosen = _sector(sector)
    rows = [row for row in _rows("enrichment/discovery_queries") if row["sector"] == chosen]
    place = _city(city)
    texts = {
        "en": [f"{row['query']} in {place['city']}" for row in rows if row["language"] == "en"],
        "ar": [f"{row['query']} في {place['city_ar']}" for row in rows if row["language"] == "ar"],
    }
    longest = max(map(len, texts.values()))
    return [
        (language, texts[language][number])
        for number in range(longest)
        for language in ("ar", "en")
        if number < len(texts[language])
    ]


def _sector(sector: str) -> str:
    for known in sectors():
        if fold_header(sector) == fold_header(known):
            return known
    raise UsageProblem(f"There are no queries for the sector {sector!r}. One of: {', '.join(sectors())}.")


def _city(city: str) -> dict[str, str]:
    chosen = fold_header(city)
    synonyms = {fold_header(row["synonym"]): row["city"] for row in _rows("normalisation/city_synonyms")}
    for row in _rows("normalisation/cities"):
        names = (fold_header(row["city"]), fold_header(row["city_ar"]))
        if chosen in names or synonyms.get(chosen) == row["city"]:
            return row
    raise UsageProblem(
        f"The city {city!r} is not known. For example: "
        + ", ".join(row["city"] for row in _rows("normalisation/cities")[:16])
        + "."
    )


def discover(
    client: googlemaps.Client,
    sector: str,
    city: str,
    max_places: int,
    say: Callable[[str], None] = lambda text: None,
    page_delay: float = PAGE_DELAY,
) -> Discovery:
    """At most `max_places` places, each once. What goes wrong is told in `problems` and never made up for."""
    found = Discovery()
    seen: set[str] = set()
    place = _city(city)
    context = {"sector": _sector(sector), "city": place["city"]}
    for language, text in queries_of(sector, city):
        found.queries += 1
        token = None
        for _ in range(MOST_PAGES):
            status, body = _page(client, text, language, token, page_delay)
            if status not in ("OK", "ZERO_RESULTS"):
                problem = why_stop(status) or f"{text!r}: {status}"
                found.problems.append(problem)
                say(problem)
                if why_stop(status):
                    return found
                break
            for result in body.get("results") or []:
                if not isinstance(result, dict) or not result.get("place_id") or result["place_id"] in seen:
                    continue
                seen.add(result["place_id"])
                found.places.append(_place(result, context, text, language))
                if len(found.places) >= max_places:
                    return found
            token = body.get("next_page_token")
            if not token:
                break
        say(f"  {len(found.places)} places after {text!r}")
    return found


def _page(
    client: googlemaps.Client, text: str, language: str, token: str | None, page_delay: float
) -> tuple[str, dict[str, Any]]:
    if token is None:
        return call(client.places, query=text, language=language, region="sa")
    # A token asked for too early is an INVALID_REQUEST; a little later it is good.
    status, body = "", {}
    for number in range(1, PAGE_TRIES + 1):
        time.sleep(page_delay * number)
        status, body = call(client.places, query=text, language=language, region="sa", page_token=token)
        if status != "INVALID_REQUEST":
            break
    return status, body


def _place(result: dict[str, Any], context: dict[str, str], text: str, language: str) -> dict[str, Any]:
    now = utc_now().replace(microsecond=0)
    return {
        "place_id": result["place_id"],
        "name": result.get("name"),
        "formatted_address": result.get("formatted_address"),
        "business_status": result.get("business_status"),
        "types": ", ".join(map(str, result.get("types") or [])),
        **context,
        "query": text,
        "query_language": language,
        "fetched_at": now.isoformat(sep=" "),
        "expires_at": (now + timedelta(hours=content_hours())).isoformat(sep=" "),
        "attribution": "Google Maps",
    }


def write_places(places: list[dict[str, Any]], path: Path) -> None:
    """A CSV for the operator's screen: UTF-8 with a mark for spreadsheets, no cell is a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for place in places:
            writer.writerow([_cell(place.get(column)) for column in COLUMNS])


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    # OWASP, CSV injection.
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠") else text
