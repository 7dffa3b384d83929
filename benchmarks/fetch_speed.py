"""How much faster many sites are fetched together than one after the other, while every host keeps its delay.

A local server answers every request after 50 ms. Baseline, measured in the same run: a plain httpx client
that asks the same pages (robots.txt and home page) one after the other, without any delay between them.

    .venv/bin/python -m benchmarks.fetch_speed --sites 2000
"""

import argparse
import asyncio
import collections
import json
import multiprocessing
import resource
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import httpx

from python_jobs.enrichment.public_address import Reach
from python_jobs.enrichment.site_fetcher import FetchPolicy, SiteFetcher

LATENCY = 0.05
PAGE = b"<html><title>Site</title><body>" + b"<p>Dental clinic in Riyadh</p>" * 700 + b"</body></html>"
ROBOTS = b"User-agent: *\nAllow: /\n"


def serve(pipe, latency: float) -> None:
    """The server, in a process of its own; at the end it sends when each host was asked."""
    asked: dict[str, list[float]] = collections.defaultdict(list)

    async def handle(reader, writer) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            host = head.lower().split(b"host: ")[1].split(b"\r\n")[0].decode()
            asked[host].append(time.monotonic())
            await asyncio.sleep(latency)
            body = ROBOTS if b"/robots.txt " in head[:40] else PAGE
            kind = b"text/plain" if body is ROBOTS else b"text/html"
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                % (kind, len(body))
                + body
            )
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=2048)
        pipe.send(server.sockets[0].getsockname()[1])
        while not pipe.poll():
            await asyncio.sleep(0.05)
        gaps = [later - earlier for times in asked.values() for earlier, later in pairwise(times)]
        pipe.send((len(gaps), min(gaps, default=0.0)))

    asyncio.run(run())


async def fetch_all(port: int, sites: int, policy: FetchPolicy) -> int:
    """Number of home pages that came."""

    async def resolve(host: str, wanted: int) -> list[str]:
        return ["127.0.0.1"]

    reach = Reach(resolve, lambda address: str(address) == "127.0.0.1", ports=None)
    numbers = iter(range(sites))
    done = 0

    async with SiteFetcher("benchmark@dealix.example", policy, reach) as fetcher:

        async def work() -> None:
            nonlocal done
            for number in numbers:
                page = await fetcher.fetch(f"http://site{number}.example:{port}/")
                done += page.outcome == "ok"

        # As many hosts at a time as the website provider takes (Website.at_once).
        await asyncio.gather(*(work() for _ in range(1_000)))
    return done


def sequential(port: int, sites: int) -> float:
    """Seconds per site of a plain client, one request after the other."""
    began = time.perf_counter()
    with httpx.Client(trust_env=False, headers={"Connection": "close"}) as client:
        for number in range(sites):
            for path in ("/robots.txt", "/"):
                client.get(f"http://127.0.0.1:{port}{path}", headers={"Host": f"base{number}.example"}).read()
    return (time.perf_counter() - began) / sites


def peak_mb() -> float:
    """The most memory that this process ever held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def with_server(work):
    """What `work(port)` returns, and what the server saw: number of gaps and the shortest."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(there, LATENCY), daemon=True)
    process.start()
    result = work(here.recv())
    here.send("stop")
    seen = here.recv()
    process.join(10)
    return result, seen


def measure(sites: int, delay: float = 1.0) -> dict:
    """The figures of one run: the ratio, the shortest gap within a host, memory in MB."""
    per_site, _ = with_server(lambda port: sequential(port, 40))
    policy = FetchPolicy(host_delay=delay)
    asyncio_run = lambda number: lambda port: asyncio.run(fetch_all(port, number, policy))  # noqa: E731
    with_server(asyncio_run(sites // 4))
    memory_of_a_quarter = peak_mb()
    began = time.perf_counter()
    done, (gaps, shortest) = with_server(asyncio_run(sites))
    took = time.perf_counter() - began
    return {
        "sites": sites,
        "fetched": done,
        "times_sequential": round(per_site * sites / took, 1),
        "host_delay": delay,
        "gaps_within_a_host": gaps,
        "shortest_gap_s": round(shortest, 3),
        "peak_mb_quarter": round(memory_of_a_quarter),
        "peak_mb_all": round(peak_mb()),
    }


def main() -> None:
    """Measure, print, and write results/fetch_speed.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=2_000)
    figures = measure(parser.parse_args().sites)
    print(json.dumps(figures, indent=2))
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    (results / "fetch_speed.json").write_text(
        json.dumps(figures | {"date": date.today().isoformat()}, indent=2) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
