"""Google Maps and Google search against a local server that speaks their formats, faults included."""

import asyncio
import csv

import googlemaps
import pytest
from google_server import KEY, TextSearch, as_json, details, place, query, shape
from local_web import LocalWeb, answer, local_web

from python_jobs.command_line import UsageProblem
from python_jobs.enrichment.discover_places import discover, queries_of, sectors, write_places
from python_jobs.enrichment.google_maps import DETAIL_FIELDS, GoogleMaps, open_client
from python_jobs.enrichment.google_search import GoogleSearch
from python_jobs.enrichment.provider import Question

SEARCH, DETAILS = ("*", "/maps/api/place/textsearch/json"), ("*", "/maps/api/place/details/json")


@pytest.fixture
def web():
    with local_web() as server:
        yield server


def client(web: LocalWeb) -> googlemaps.Client:
    return googlemaps.Client(
        key=KEY,
        base_url=f"http://127.0.0.1:{web.port}",
        timeout=0.5,
        retry_timeout=1,
        retry_over_query_limit=False,
    )


def found(web: LocalWeb, most: int):
    return discover(client(web), "dental_clinic", "riyadh", most, page_delay=0)


def ask_details(web: LocalWeb):
    return asyncio.run(GoogleMaps(client(web)).ask(question("google_maps", "details", "ChIJx")))


def question(provider: str, endpoint: str, argument: str) -> Question:
    return Question("acc_1", "Acme", provider, endpoint, argument, argument, None, "all", 0.1, 24)


def test_queries_in_both_languages_for_many_sectors_and_cities():
    assert len(sectors()) >= 21
    texts = queries_of("dental clinic", "الرياض")
    assert ("ar", "عيادة أسنان في الرياض") in texts and ("en", "dentist in Riyadh") in texts
    for sector in sectors():
        assert {language for language, _ in queries_of(sector, "jeddah")} == {"ar", "en"}
    for city in ("Riyadh", "Makkah", "madinah", "Dammam", "Khobar", "Taif", "Tabuk", "Abha", "Buraydah", "Hail",
                 "Jubail", "Yanbu", "Najran", "Jazan", "Hofuf", "Jeddah"):  # fmt: skip
        assert queries_of("hotel", city)
    with pytest.raises(UsageProblem, match="atlantis"):
        queries_of("hotel", "atlantis")
    with pytest.raises(UsageProblem, match="One of: dental_clinic"):
        queries_of("unicorns", "riyadh")


def test_discovery_goes_through_queries_and_pages_and_takes_each_place_once(web):
    search = TextSearch(
        lambda text: [place(number) for number in range(45)] if "dentist" in text else [place(3), place(99)]
    )
    web.pages[SEARCH] = search
    discovery = found(web, 1000)
    assert sorted(item["place_id"] for item in discovery.places) == sorted(
        {f"ChIJplace{number:04d}" for number in [*range(45), 99]}
    )
    assert discovery.problems == [] and discovery.queries == 4
    assert {given.get("language") for given in search.queries if "query" in given} == {"ar", "en"}
    assert len(found(web, 30).places) == 30


def test_the_list_for_the_screen_says_whose_it_is_and_runs_no_formula(web, tmp_path):
    web.pages[SEARCH] = TextSearch(lambda text: [place(1, name='=HYPERLINK("x")')])
    write_places(found(web, 5).places, tmp_path / "list.csv")
    rows = list(csv.DictReader((tmp_path / "list.csv").open(encoding="utf-8-sig")))
    assert rows[0]["name"] == '\'=HYPERLINK("x")'
    assert (rows[0]["attribution"], rows[0]["sector"], rows[0]["city"]) == (
        "Google Maps",
        "dental_clinic",
        "Riyadh",
    )
    assert rows[0]["expires_at"] > rows[0]["fetched_at"]


@pytest.mark.parametrize(
    ("response", "problem", "asked"),
    [
        (as_json(shape("OverQueryLimitResponse")), "quota", 1),
        (answer("slow down", 429), "quota", 1),
        (as_json({"status": "REQUEST_DENIED", "error_message": "no"}), "refuses the key", 1),
        (as_json({"status": "UNKNOWN_ERROR"}), "UNKNOWN_ERROR", 4),
        (answer('{"results": [{"place_', 200, "application/json"), "malformed", 4),
        (as_json({"results": []}), "malformed", 4),
        (as_json({"status": "ZERO_RESULTS", "results": []}), None, 4),
    ],
)
def test_faults_of_discovery_are_told_and_nothing_is_made_up(web, response, problem, asked):
    web.pages[SEARCH] = response
    discovery = found(web, 5)
    assert discovery.places == []
    assert (problem is None and not discovery.problems) or problem in discovery.problems[-1]
    assert len(web.log) == asked


def test_a_failure_midway_keeps_what_was_found(web):
    async def first_then_quota(asked, writer):
        first = len(web.log) == 1
        writer.write(
            as_json({"status": "OK", "results": [place(1)]} if first else shape("OverQueryLimitResponse"))
        )

    web.pages[SEARCH] = first_then_quota
    discovery = found(web, 5)
    assert [item["place_id"] for item in discovery.places] == ["ChIJplace0001"]
    assert "quota" in discovery.problems[0]


def test_details_ask_for_named_fields_only_and_keep_nothing(web):
    web.pages[DETAILS] = as_json(details(name="Secret Clinic", business_status="OPERATIONAL"))
    reply = ask_details(web)
    assert (reply.status, reply.payload) == ("ok", None)
    assert reply.volatile["name"] == "Secret Clinic"
    assert set(query(web.log[0])["fields"].split(",")) == set(DETAIL_FIELDS)


@pytest.mark.parametrize(
    ("response", "status", "stops"),
    [
        (as_json(shape("PlaceDetailsResponseForPermanentlyClosedPlace")), "CLOSED_PERMANENTLY", False),
        (as_json({"status": "NOT_FOUND"}), "NOT_FOUND", False),
        (as_json(shape("OverQueryLimitResponse")), "OVER_QUERY_LIMIT", True),
        (answer("", 429), "http_429", True),
        (answer("", 403), "REQUEST_DENIED", True),
        (answer("", 500), "timeout", False),  # the client tries again until its time is up
        (answer("<html>", 200), "malformed", False),
        (as_json({"status": "OK"}), "malformed", False),
    ],
)
def test_details_and_their_faults(web, response, status, stops):
    web.pages[DETAILS] = response
    reply = ask_details(web)
    assert (reply.status, reply.stops is not None, reply.volatile or {}) == (
        status, stops, {"business_status": status} if status.startswith("CLOSED") else {},
    )  # fmt: skip


def test_a_silent_server_is_a_timeout(web):
    async def silent(asked, writer):
        await asyncio.sleep(3)

    web.pages[DETAILS] = silent
    assert ask_details(web).status == "timeout"


def test_what_is_no_key_is_said(monkeypatch):
    monkeypatch.delenv("GOOGLE_MAPS_API_KEY", raising=False)
    assert open_client() is None
    monkeypatch.setenv("GOOGLE_MAPS_API_KEY", "not a key")
    with pytest.raises(UsageProblem, match="GOOGLE_MAPS_API_KEY"):
        open_client()


@pytest.mark.parametrize(
    ("response", "status", "stops"),
    [
        (as_json({"items": [{"link": "https://acme.sa/", "title": "Acme", "snippet": "x"}]}), "ok", False),
        (as_json({"searchInformation": {"totalResults": "0"}}), "zero_results", False),
        (as_json({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}, 429), "http_429", True),
        (as_json({"error": {"errors": [{"reason": "dailyLimitExceeded"}]}}, 403), "http_429", True),
        (as_json({"error": {"errors": [{"reason": "forbidden"}]}}, 403), "denied", True),
        (as_json({}, 500), "http_500", False),
        (answer('{"items": [{"li', 200, "application/json"), "malformed", False),
        (as_json({"items": ["odd"]}), "malformed", False),
    ],
)
def test_search_and_its_faults(web, monkeypatch, response, status, stops):
    monkeypatch.setenv("GOOGLE_SEARCH_API_KEY", "k")
    monkeypatch.setenv("GOOGLE_SEARCH_ENGINE_ID", "e")
    monkeypatch.setenv("GOOGLE_SEARCH_BASE_URL", f"http://127.0.0.1:{web.port}")
    web.pages[("*", "/customsearch/v1")] = response

    async def ask():
        async with GoogleSearch(timeout=1) as search:
            return await search.ask(question("google_search", "homepage", "Acme Riyadh"))

    reply = asyncio.run(ask())
    assert (reply.status, reply.stops is not None, reply.payload) == (status, stops, None)
    assert query(web.log[0])["q"] == "Acme Riyadh"
