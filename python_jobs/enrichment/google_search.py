"""Google Programmable Search (JSON API) as the provider of candidates for a missing home page.

Another search is another class with the same `name`-d endpoint: SQL judges the candidates alike.
https://developers.google.com/custom-search/v1/reference/rest/v1/cse/list
"""

import os
from typing import Any

import httpx

from python_jobs.enrichment.provider import Answer, Question

KEY, ENGINE, BASE_URL = "GOOGLE_SEARCH_API_KEY", "GOOGLE_SEARCH_ENGINE_ID", "GOOGLE_SEARCH_BASE_URL"
DEFAULT_BASE_URL = "https://www.googleapis.com"
RESULTS = 10  # the most that one question gives


class GoogleSearch:
    """Answers `homepage` with up to ten hits: link, title, snippet."""

    name = "google_search"
    needs = (KEY, ENGINE)
    at_once = 4

    def __init__(self, timeout: float = 10.0):
        self._client = httpx.AsyncClient(
            base_url=os.environ.get(BASE_URL) or DEFAULT_BASE_URL, timeout=timeout
        )

    async def __aenter__(self) -> "GoogleSearch":
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *problem: Any) -> None:
        await self._client.__aexit__(*problem)

    async def ask(self, question: Question) -> Answer:
        """Status ok, zero_results, or the failure."""
        asked = {"key": os.environ[KEY], "cx": os.environ[ENGINE], "q": question.argument}
        try:
            response = await self._client.get("/customsearch/v1", params=asked | {"num": RESULTS, "gl": "sa"})
        except httpx.TimeoutException:
            return Answer("timeout", is_charged=False)
        except httpx.HTTPError:
            return Answer("connection_failed", is_charged=False)
        if response.status_code != 200:
            return _refused(response)
        try:
            items = response.json().get("items", [])
            hits = [{name: item.get(name) for name in ("link", "title", "snippet")} for item in items]
        except (ValueError, AttributeError, TypeError):
            return Answer("malformed", is_charged=False)
        if not hits:
            return Answer("zero_results")
        return Answer("ok", volatile={"items": hits})


def _refused(response: httpx.Response) -> Answer:
    status = f"http_{response.status_code}"
    stops = None
    if response.status_code == 429 or "LimitExceeded" in response.text[:2_000]:
        # 403 stands for a used-up quota too; that one is not final.
        status = "http_429"
        stops = "Google's search quota is used up for now; the rest is asked another time."
    elif response.status_code in (400, 401, 403):
        status = "denied"
        stops = f"Google refuses the search: check {KEY} and {ENGINE}."
    return Answer(status, is_charged=False, stops=stops)
