"""What a hostile program on the machine, or a page gone wild, does to the server: a process of its own for each attack.

`python -m tests.security.flooding ATTACK PORT COOKIE SECONDS` prints how often it was answered with what, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable

MANY = 400
AT_ONCE = 100
PER_SECOND = 2000
BODY = 1024 * 1024 + 1
JSON = "Content-Type: application/json"
REFUSED, SILENT = "connection closed", "no answer"


class Attack:
    """One attack on one server; `told` counts the answers."""

    def __init__(self, port: int, cookie: str, seconds: float) -> None:
        self.port, self.cookie = port, cookie
        self.end = time.monotonic() + seconds
        self.told: Counter[str] = Counter()

    @property
    def goes_on(self) -> bool:
        return time.monotonic() < self.end

    @property
    def left(self) -> float:
        return max(0.0, self.end - time.monotonic())

    def head(self, line: str, *more: str, known: bool = False) -> bytes:
        """The first line and the headers of a request, with the cookie or without."""
        cookie = [f"Cookie: {self.cookie}"] if known else []
        return "\r\n".join([f"{line} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *cookie, *more, "", ""]).encode()

    async def ask(self, *parts: bytes, pause: float = 0.0, hold: bool = False) -> None:
        """Send the parts with a pause after each, and count the answer; `hold` reads until the attack is over."""
        writer = None
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            sending = asyncio.create_task(self.send(writer, parts, pause))
            first = await asyncio.wait_for(reader.readline(), self.left + 1)
            self.told[first.split(b" ")[1].decode() if b" " in first else REFUSED] += 1
            if hold:
                await asyncio.wait_for(reader.read(-1), self.left + 1)
            sending.cancel()
        except TimeoutError:
            if not hold:
                self.told[SILENT] += 1
        except OSError:
            self.told[REFUSED] += 1
        finally:
            if writer is not None:
                writer.close()

    async def send(self, writer: asyncio.StreamWriter, parts: tuple[bytes, ...], pause: float) -> None:
        try:
            for part in parts:
                if not self.goes_on:
                    return
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause)
        except OSError:
            return

    async def again(self, one: Callable[[], Awaitable[None]], at_once: int) -> None:
        """So many at a time, until the time is over."""

        async def loop() -> None:
            while self.goes_on:
                await one()

        await asyncio.gather(*(loop() for _ in range(at_once)))

    async def bodies(self) -> None:
        """Bodies of one byte too many, by somebody who was let in."""
        head = self.head("POST /api/homes.list", JSON, f"Content-Length: {BODY}", known=True)
        await self.again(lambda: self.ask(head, b" " * BODY), 32)

    async def strange_bodies(self) -> None:
        """Bodies without an end, by somebody who was not let in."""
        head = self.head("POST /api/homes.list", JSON, "Content-Length: 1000000000")
        await self.again(lambda: self.ask(head, *[b" " * BODY] * 30), 32)

    async def headers(self) -> None:
        """10,000 headers."""
        head = self.head("GET /", *(f"X-{number}: {number}" for number in range(10_000)))
        await self.again(lambda: self.ask(head), 32)

    async def addresses(self) -> None:
        """Addresses of ten megabytes."""
        await self.again(lambda: self.ask(b"GET /", *[b"a" * 1_000_000] * 10), 32)

    async def slow_heads(self) -> None:
        """A byte of a head now and then."""
        head = self.head("GET /", "X: " + "a" * 1000)
        await self.again(lambda: self.ask(*(head[at : at + 1] for at in range(len(head))), pause=0.5), MANY)

    async def slow_bodies(self) -> None:
        """A byte of a body now and then, by somebody who was let in."""
        head = self.head("POST /api/homes.list", JSON, "Content-Length: 1000", known=True)
        await self.again(lambda: self.ask(head, *[b" "] * 1000, pause=0.5), MANY)

    async def silence(self) -> None:
        """Connections that say nothing."""
        await self.again(self.ask, MANY)

    async def streams(self) -> None:
        """200 streams of events."""
        head = self.head("GET /api/events", known=True)
        await asyncio.gather(*(self.ask(head, hold=True) for _ in range(200)))

    async def requests(self) -> None:
        """2,000 requests a second by somebody who was not let in."""
        await self.storm(self.head("GET /"))

    async def known_requests(self) -> None:
        """As many requests as a browser that was let in can make over its six connections."""
        head = self.head("GET /", known=True)
        await self.again(lambda: self.ask(head), 6)

    async def storm(self, head: bytes) -> None:
        begun, sent = time.monotonic(), 0
        running: set[asyncio.Task[None]] = set()
        while self.goes_on:
            due = int((time.monotonic() - begun) * PER_SECOND) - sent
            for _ in range(min(due, MANY - len(running))):
                task = asyncio.create_task(self.ask(head))
                running.add(task)
                task.add_done_callback(running.discard)
            sent += due
            await asyncio.sleep(0.002)
        await asyncio.gather(*running)


def main(arguments: list[str]) -> None:
    name, port, cookie, seconds = arguments
    attack = Attack(int(port), cookie, float(seconds))
    asyncio.run(getattr(attack, name)())
    sys.stdout.write(json.dumps(attack.told))


if __name__ == "__main__":
    main(sys.argv[1:])
