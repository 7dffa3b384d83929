"""How much faster many sites are fetched together than one after the other, while every host keeps its delay.

A local server answers every request after 50 ms. Baseline, measured in the same run: a plain httpx client
that asks the same pages (robots.txt and home page) one after the other, without any delay between them.
Memory: the peak of a fresh process per number of sites; what counts is how many are under way at a time.

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
# As many hosts at a time as the website provider takes (Website.at_once).
AT_ONCE = 1_000
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

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
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


def fetch_and_tell(pipe, sites: int, policy: FetchPolicy) -> None:
    """For a process of its own: fetch that many sites and send the memory it took at most, MB."""
    with_server(lambda port: asyncio.run(fetch_all(port, sites, policy)))
    pipe.send(peak_mb())


def memory_of(sites: int, policy: FetchPolicy) -> int:
    """MB that a fresh process holds at most while it fetches so many sites."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=fetch_and_tell, args=(there, sites, policy))
    process.start()
    peak = here.recv()
    process.join(10)
    return round(peak)


def measure(sites: int, delay: float = 1.0) -> dict:
    """The figures of one run: the ratio, the shortest gap within a host, memory in MB."""
    per_site, _ = with_server(lambda port: sequential(port, 40))
    policy = FetchPolicy(host_delay=delay)
    began = time.perf_counter()
    done, (gaps, shortest) = with_server(lambda port: asyncio.run(fetch_all(port, sites, policy)))
    took = time.perf_counter() - began
    return {
        "sites": sites,
        "fetched": done,
        "times_sequential": round(per_site * sites / took, 1),
        "host_delay": delay,
        "gaps_within_a_host": gaps,
        "shortest_gap_s": round(shortest, 3),
        "peak_mb": {
            str(number): memory_of(number, policy) for number in (sites // 2, sites, sites * 2, sites * 4)
        },
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
