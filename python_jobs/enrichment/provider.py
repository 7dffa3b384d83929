"""What every provider is: it says what it needs, and answers one question at a time."""

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Question:
    """A row of outreach.enrichment_candidates. Costs in SAR; `content_hours`: None when there is no limit."""

    account_id: str
    company_name: str
    provider: str
    endpoint: str
    subject: str
    argument: str
    page_kind: str | None
    missing: str
    cost_sar: float
    content_hours: int | None


@dataclass(frozen=True)
class Answer:
    """What came back, as a fact.

    `status`: as the provider says it; the ones that are answers stand in reference.final_answers, every
    other one is a failure that is tried again later. `payload` is kept; `volatile` goes to the cache that
    is purged when it expires. `stops` says, for a person, why this provider must not be asked further
    in this run (quota, a wrong key).
    """

    status: str
    payload: dict[str, Any] | None = None
    volatile: dict[str, Any] | None = None
    is_charged: bool = True
    stops: str | None = None


class Provider(Protocol):
    """One provider. Costs, cache times and retention: seeds/enrichment/enrichment_endpoints.csv."""

    name: str
    # Environment variables without which it cannot work.
    needs: tuple[str, ...]
    # How many questions it may be asked at the same time.
    at_once: int

    async def __aenter__(self) -> "Provider": ...

    async def __aexit__(self, *problem: Any) -> None: ...

    async def ask(self, question: Question) -> Answer:
        """The answer. A failure is an answer with its status: nothing is raised for what others do."""
        ...
