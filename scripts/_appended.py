"""How long it takes from a log line to the page that shows it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from _bench import Home, Setup, serve, wait_for_scan
from _figures import Bar, Result, Samples, result
from _rollouts import Blocks, Profile, Thread, Usage
from _screen import seconds_to_screen
from _served import Served

SCREEN_RUNS = 20
SCREEN_MS = Bar(300.0, "p95")


def appended(setup: Setup, home: Home, data: Path) -> Iterator[Result]:
    """From the write of a log line to the event that a page gets, in a home with many files."""
    rng, began = Random(time.time_ns()), time.time_ns() // 10**6 - 600_000
    thread = Thread(rng, Blocks(rng), Profile("/home/user/live", "codex_cli_rs", "cli", paginated=False), began)
    thread.meta()
    thread.begin_turn("gpt-5.5", "medium")
    folder = home.folder / "sessions" / time.strftime("%Y/%m/%d")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"rollout-{time.strftime('%Y-%m-%dT%H-%M-%S')}-{thread.id}.jsonl"
    delays = []
    try:
        with serve(setup, home, data) as served:
            wait_for_scan(served)
            for number in range(setup.runs + 1):
                one_more(thread, number)
                delays.append(visible_after(served, path, thread))
            # The first write makes the file and its folder; the others append to it.
            note = f"new file: {delays[0]:.0f} ms"
            yield result("appended line until the page is told", "ms", Samples.of(delays[1:]), note=note)
            yield from on_screen(served, path, thread)
    finally:
        path.unlink(missing_ok=True)


def one_more(thread: Thread, number: int) -> None:
    """A response of now."""
    usage = Usage(1_000 + number, 0, 0, 10, 0)
    thread.total = thread.total.plus(usage)
    thread.now = time.time_ns() // 10**6
    thread.token_count(usage.text(writes=False), 0.5)


def write_rest(path: Path, thread: Thread) -> None:
    """Writes what is new of the thread."""
    with path.open("ab") as file:
        file.write(thread.rendered()[path.stat().st_size :])


def on_screen(served: Served, path: Path, thread: Thread) -> Iterator[Result]:
    """From the write of a log line to the figure in a real browser."""

    def append() -> None:
        one_more(thread, 100)
        write_rest(path, thread)

    served.ask("settings.set", {"values": {"range": "today", "exact_numbers": True, "auto_refresh_seconds": 0}})
    seconds = seconds_to_screen(served.address, served.cookie, append, SCREEN_RUNS)
    if seconds:
        times = Samples.of([value * 1000 for value in seconds])
        yield result(
            "appended line until it is on the screen", "ms", times, bar=SCREEN_MS, note=f"{len(seconds)} lines"
        )


def visible_after(served: Served, path: Path, thread: Thread) -> float:
    """Writes what is new of the thread and waits until a question to the server includes it."""
    before = served.ask("dashboard.get", {"range": "today"})["cards"]["usage"]["events"]
    while not served.events.empty():
        served.events.get()
    began = time.perf_counter()
    write_rest(path, thread)
    while True:
        if served.events.get(timeout=60) == "usage-updated":
            delay = time.perf_counter() - began
            if served.ask("dashboard.get", {"range": "today"})["cards"]["usage"]["events"] > before:
                return delay * 1000
