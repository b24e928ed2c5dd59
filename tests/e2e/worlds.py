"""Homes whose logs are known: written relative to now, because the page looks at the last days."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e.driver import report, serve
from tests.support.rollout import Rollout, Usage

HOUR = 3_600_000
DAY = 24 * HOUR
SHOP, INFRA = "/home/u/shop-web", "/home/u/infra"


def now_ms() -> int:
    return int(time.time() * 1000)


def used(number: int) -> Usage:
    """The usage of some response; no two numbers give the same."""
    return Usage(10_000 + 137 * number, 6_000 + 53 * number, 0, 400 + 11 * number, 90 + 7 * number)


def limits(primary: tuple[float, int], secondary: tuple[float, int] | None = None, **more: object) -> dict[str, object]:
    """A snapshot of windows as (percent used, hours until the reset): 5 hours, and a week."""
    seconds = now_ms() // 1000
    window = lambda pair, minutes: {  # noqa: E731
        "used_percent": pair[0],
        "window_minutes": minutes,
        "resets_at": seconds + pair[1] * 3600 - 1800,
    }
    found = {"limit_id": "codex", "plan_type": "plus", "primary": window(primary, 300), **more}
    return found if secondary is None else {**found, "secondary": window(secondary, 10_080)}


class Story:
    """A session told response by response; every response has a number of its own."""

    def __init__(self, home: Path, start_ms: int, number: int, cwd: str = SHOP, **meta: object) -> None:
        self.home, self.cwd, self.number, self.told = home, cwd, number, 0
        self.rollout = Rollout(start_ms, number).meta(cwd=cwd, **meta)

    @property
    def id(self) -> str:
        return self.rollout.thread

    def turn(self, model: str, effort: str | None, responses: int, snapshot: dict[str, object] | None = None) -> Story:
        self.rollout.turn(model, effort, cwd=self.cwd)
        for _ in range(responses):
            self.rollout.prompt().count(used(self.number * 100 + self.told), snapshot)
            self.told += 1
        return self

    def write(self) -> Story:
        self.rollout.write(self.home)
        return self

    def append(self, line_count: int) -> None:
        """Add the newest lines to the file, as a running agent does."""
        with self.rollout.path(self.home).open("ab") as file:
            file.write(b"".join(self.rollout.lines[-line_count:]))


def title(home: Path, names: Iterable[tuple[Story, str]]) -> None:
    """Name sessions in the index."""
    home.mkdir(parents=True, exist_ok=True)
    entries = [{"id": story.id, "thread_name": name, "updated_at": "2026-01-01T00:00:00Z"} for story, name in names]
    (home / "session_index.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in entries))


def busy_home(home: Path) -> list[Story]:
    """Five sessions of three models, one of them without a price: 28 responses in the last week, 38 in all.

    The first repeats one of its counters, has a fork, and two efforts.
    """
    now = now_ms()
    snapshot = limits((12.5, 4), (40.0, 90))
    first = Story(home, now - 2 * HOUR, 0, git={"branch": "main"}).turn("gpt-5.5", "medium", 12, snapshot)
    first.rollout.again(used(11))
    first.turn("gpt-5.5", "high", 5, snapshot).write()
    found = [
        first,
        Story(home, now - 26 * HOUR, 1, INFRA, originator="codex_exec").turn("gpt-5-codex", "medium", 8).write(),
        Story(home, now - 3 * HOUR, 2).turn("local-proxy-7b", None, 3).write(),
        Story(home, now - 10 * DAY, 3, INFRA).turn("gpt-5.5", "low", 6).write(),
        Story(home, now - 60 * DAY, 4, INFRA).turn("gpt-5-codex", "medium", 4).write(),
    ]
    title(home, [(found[0], "Parser rewrite"), (found[1], "Nightly review")])
    return found


def plain_home(home: Path, responses: int = 3) -> Story:
    """One session of an hour ago with a price."""
    return Story(home, now_ms() - HOUR, 7).turn("gpt-5.5", "medium", responses).write()


def day(back: int) -> str:
    """The day so many days ago."""
    return (datetime.now(UTC) - timedelta(days=back)).date().isoformat()


class Busy:
    """A server over the busy home, and what the report says of the same logs."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "codex"
        self.stories = busy_home(self.home)
        self.running = serve(folder, self.home)

    def report(self, *arguments: str) -> dict[str, Any]:
        return report(self.folder, self.home, *arguments)

    def newest_day(self) -> str:
        """The day of the newest responses: for the first two hours of a day it is the one before."""
        return datetime.fromtimestamp(self.stories[0].rollout.now_ms / 1000, UTC).date().isoformat()

    def totals(self, since_days: int | None) -> dict[str, Any]:
        """The totals since a number of days ago; None means since ever."""
        totals: dict[str, Any] = self.report(*([] if since_days is None else ["--since", day(since_days)]))["totals"]
        return totals


class Family(NamedTuple):
    """A family in the logs: who has the many children, who stands lowest, whose responses are in the thousands."""

    eldest: Story
    chain: list[Story]
    children: list[Story]
    long: Story


def family_home(home: Path, children: int = 520, depth: int = 12, responses: int = 3000) -> Family:
    """An eldest session with very many sub-agents, a chain of forks below it, and a very long fork."""
    start = now_ms() - 2 * DAY
    eldest = Story(home, start, 0).turn("gpt-5.5", "medium", 3).write()
    chain = [eldest]
    for step in range(depth):
        parent = chain[-1].id
        link = Story(home, start + (step + 1) * 60_000, 1 + step, forked_from_id=parent)
        chain.append(link.turn("gpt-5.5", "high", 1).write())
    helpers = []
    for number in range(children - 2):
        source = {"subagent": {"thread_spawn": {"parent_thread_id": eldest.id, "agent_nickname": f"helper {number}"}}}
        helper = Story(home, start + HOUR + number * 1000, 100 + number, source=source)
        helpers.append(helper.turn("gpt-5-codex", "low", 1).write())
    long = Story(home, start + 2 * HOUR, 5000, forked_from_id=eldest.id).turn("gpt-5.5", "medium", 0)
    for step in range(responses):  # the context grows and is compacted, as of a real one
        long.rollout.count(
            Usage(20_000 + step % 400 * 550 + step, 15_000 + step % 400 * 500, 0, 300 + step % 7 * 90, 50)
        )
    long.write()
    name = "A title that goes on and on, as titles do that a model has made of the whole first prompt, " * 4
    title(home, [(eldest, "The eldest"), (chain[-1], name), (long, "The long one")])
    return Family(eldest, chain, [chain[1], *helpers, long], long)
