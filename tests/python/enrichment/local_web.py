"""A real web server on this machine for tests: many host names, any answer, and a log of what was asked."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from python_jobs.enrichment.public_address import Reach

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    at: float
    host: str
    path: str
    headers: dict[str, str]


Answer = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


def answer(
    body: bytes | str, status: int = 200, content_type: str = "text/html; charset=utf-8", **headers: str
) -> bytes:
    """A whole HTTP/1.1 answer."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {content_type}", f"Content-Length: {len(data)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + data


NOT_FOUND = answer("no", status=404)


@dataclass
class LocalWeb:
    """`pages`: (host without port or "*", path without query or "*") -> an answer, or a coroutine that writes one."""

    pages: dict[tuple[str, str], bytes | Answer] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)
    latency: float = 0.0
    port: int = 0

    def reach(self) -> Reach:
        """Every name is this server; only this machine may be dialled."""

        async def resolve(host: str, port: int) -> list[str]:
            return [LOOPBACK]

        return Reach(resolve, lambda address: str(address) == LOOPBACK, ports=None)

    def url(self, host: str, path: str = "/") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self, host: str | None = None) -> list[str]:
        return [asked.path for asked in self.log if host in (None, asked.host)]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            path = head[0].split(" ")[1]
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
            asked = Asked(time.monotonic(), headers["host"].rsplit(":", 1)[0], path, headers)
            self.log.append(asked)
            await asyncio.sleep(self.latency)
            bare = path.split("?")[0]
            keys = [(asked.host, bare), ("*", bare), (asked.host, "*"), ("*", "*")]
            found = next((self.pages[key] for key in keys if key in self.pages), NOT_FOUND)
            if isinstance(found, bytes):
                writer.write(found)
                await writer.drain()
            else:
                await found(asked, writer)
        writer.close()


@contextlib.contextmanager
def local_web(pages: dict | None = None, latency: float = 0.0) -> Iterator[LocalWeb]:
    """The server, in a thread of its own until the block ends."""
    web = LocalWeb(pages or {}, latency=latency)
    started, stop = threading.Event(), None

    async def serve() -> None:
        nonlocal stop
        stop = asyncio.Event()
        server = await asyncio.start_server(web._serve, LOOPBACK, 0, backlog=512)
        web.port = server.sockets[0].getsockname()[1]
        started.set()
        await stop.wait()
        server.close()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield web
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
