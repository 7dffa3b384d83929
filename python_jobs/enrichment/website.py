"""The company's own website as a provider: one page per question, fetched politely."""

from typing import Any

from python_jobs.enrichment.page_facts import page_facts
from python_jobs.enrichment.provider import Answer, Question
from python_jobs.enrichment.site_fetcher import SiteFetcher


class Website:
    """Answers `home` and `page` with what the page shows. Free; its answers are the company's own words."""

    name = "website"
    needs: tuple[str, ...] = ()
    at_once = 1_000

    def __init__(self, fetcher: SiteFetcher):
        self._fetcher = fetcher

    async def __aenter__(self) -> "Website":
        await self._fetcher.__aenter__()
        return self

    async def __aexit__(self, *problem: Any) -> None:
        await self._fetcher.__aexit__(*problem)

    async def ask(self, question: Question) -> Answer:
        """Status `ok`, or why there is no page: see FetchedPage.outcome."""
        page = await self._fetcher.fetch(question.argument)
        return Answer(page.outcome, payload=page_facts(page, question.page_kind or "home"))
