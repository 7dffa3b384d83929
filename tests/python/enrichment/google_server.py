"""A server on this machine that speaks Google's wire formats, with the shapes of its real responses."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from local_web import Asked, answer

FIXTURES = Path(__file__).parent / "fixtures" / "google_places_responses"
KEY = "AIzaTestKey"


def shape(name: str) -> dict:
    """One of the recorded responses."""
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def as_json(body: dict, status: int = 200, **headers: str) -> bytes:
    return answer(json.dumps(body, ensure_ascii=False), status, "application/json; charset=UTF-8", **headers)


def query(asked: Asked) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}


def place(number: int, **changes) -> dict:
    """A text search result in the recorded shape, as the number-th place."""
    result = shape("TextSearchResponse")["results"][0]
    return result | {"place_id": f"ChIJplace{number:04d}", "name": f"Secret Clinic {number}"} | changes


def details(**changes) -> dict:
    """A details response in the recorded shape."""
    body = shape("PlaceDetailsResponse")
    return body | {"result": body["result"] | changes}


class TextSearch:
    """Pages of twenty: a token is valid only from the second time it is used, as at Google after a delay."""

    def __init__(self, places_of_query):
        self.places_of_query = places_of_query
        self.early: set[str] = set()
        self.queries: list[dict[str, str]] = []

    async def __call__(self, asked, writer) -> None:
        given = query(asked)
        self.queries.append(given)
        token = given.get("pagetoken")
        if token and token not in self.early:
            self.early.add(token)
            writer.write(as_json({"status": "INVALID_REQUEST", "results": [], "html_attributions": []}))
            return
        text, start = given.get("query", ""), int(token.split("|")[1]) if token else 0
        places = self.places_of_query(text)
        body = {"html_attributions": [], "results": places[start : start + 20], "status": "OK"}
        if start + 20 < len(places):
            body["next_page_token"] = f"{text}|{start + 20}"
        if not places:
            body["status"] = "ZERO_RESULTS"
        writer.write(as_json(body))
