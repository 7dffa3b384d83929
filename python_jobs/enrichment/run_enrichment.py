"""Asks the providers what SQL finds worth asking, and lands every answer as it comes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from python_jobs.enrichment.land_answers import land_answer, parsed_hosts
from python_jobs.enrichment.provider import Answer, Provider, Question
from python_jobs.landing.keyed_hash import HashKey

PLAN_SQL = Path(__file__).with_name("plan.sql")
# A found home page is fetched, and then the pages it links to: no question leads further than that.
ROUNDS = 4
# Answers that may wait to be landed.
LANDED_BEHIND = 16


@dataclass(frozen=True)
class Scope:
    """Whom to ask about. `budget`: SAR, None without a limit."""

    level: str
    max_accounts: int
    budget: float | None = None
    import_id: str | None = None


@dataclass
class Enrichment:
    """What was asked and what came back; costs in SAR."""

    accounts: set[str] = field(default_factory=set)
    statuses: Counter = field(default_factory=Counter)
    cost_sar: float = 0.0
    stopped: dict[str, str] = field(default_factory=dict)


def plan(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    providers: Sequence[str],
    accounts: Sequence[str] | None = None,
) -> list[Question]:
    """The questions to ask now, in order. Raises duckdb.CatalogException before the first build."""
    rows = connection.execute(
        PLAN_SQL.read_text(encoding="utf-8"),
        {
            "level": scope.level,
            "max_accounts": scope.max_accounts,
            "budget": scope.budget,
            "import_id": scope.import_id,
            "providers": list(providers),
            "accounts": list(accounts) if accounts is not None else None,
        },
    ).fetchall()
    return [Question(*row) for row in rows]


def enrich(
    connection: duckdb.DuckDBPyConnection,
    key: HashKey,
    scope: Scope,
    providers: Sequence[Provider],
    actor: str,
    say: Callable[[str], None] = lambda text: None,
) -> Enrichment:
    """Ask in rounds until nothing is left to ask. Each answer is committed before the next is waited for,
    so that a run that stops at any moment is continued by the next one.
    """
    return asyncio.run(_enrich(connection, key, scope, providers, actor, say))


async def _enrich(connection, key, scope, providers, actor, say) -> Enrichment:
    done = Enrichment()
    asked: set[tuple] = set()
    async with AsyncExitStack() as stack:
        by_name = {provider.name: await stack.enter_async_context(provider) for provider in providers}
        for _ in range(ROUNDS):
            left = None if scope.budget is None else max(scope.budget - done.cost_sar, 0)
            open_names = [name for name in by_name if name not in done.stopped]
            chosen = Scope(scope.level, scope.max_accounts, left, scope.import_id)
            questions = [
                question
                for question in plan(connection, chosen, open_names, sorted(done.accounts) or None)
                if (question.provider, question.endpoint, question.subject, question.argument) not in asked
            ]
            if not questions:
                break
            done.accounts |= {question.account_id for question in questions}
            async for question, answer in _answers(by_name, questions, done.stopped, say):
                asked.add((question.provider, question.endpoint, question.subject, question.argument))
                land_answer(connection, key, question, parsed_hosts(answer), actor)
                done.statuses[f"{question.provider} {answer.status}"] += 1
                done.cost_sar += question.cost_sar if answer.is_charged else 0
    return done


async def _answers(
    by_name: dict[str, Provider],
    questions: Sequence[Question],
    stopped: dict[str, str],
    say: Callable[[str], None],
) -> AsyncIterator[tuple[Question, Answer]]:
    """Questions with their answers, in the order in which they come."""
    # Bounded: who asks waits for who lands, so that little is lost when the run is killed, and little held.
    finished: asyncio.Queue = asyncio.Queue(maxsize=LANDED_BEHIND)

    async def work(provider: Provider, waiting: list[Question]) -> None:
        while waiting and provider.name not in stopped:
            question = waiting.pop()
            answer = await provider.ask(question)
            if answer.stops and provider.name not in stopped:
                stopped[provider.name] = answer.stops
                say(answer.stops)
            await finished.put((question, answer))

    async def work_all() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for name, provider in by_name.items():
                    waiting = [question for question in questions if question.provider == name][::-1]
                    for _ in range(min(provider.at_once, len(waiting))):
                        group.create_task(work(provider, waiting))
        finally:
            await finished.put(None)

    everything = asyncio.create_task(work_all())
    try:
        while (item := await finished.get()) is not None:
            yield item
        await everything
    finally:
        everything.cancel()
