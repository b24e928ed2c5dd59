"""The coordinator on a clock that the test moves, with a real server: request counts prove the throttle."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

import pytest
from tests.live.played import Played, Stage

from tokendial.domain.records import ReadingRecord
from tokendial.live.coordinator import Coordinator, Keeper, Target
from tokendial.live.line import HttpLine
from tokendial.live.schedule import Asked
from tokendial.providers.live import Call, Line, LiveFailure, LiveSource, decode, reading

NOW = 1_800_000_000.0
GOOD = Played(body=b'{"used": 40, "resets_ms": 1800003600000}')


class Simple:
    """A source of one window."""

    sends = "Nothing."

    def __init__(self, url: str, name: str = "one") -> None:
        self.id = self.name = name
        self.asks = f"{url}/limits"

    def reads(self, home: Path) -> str:
        return str(home / "credential")

    def credential_files(self, home: Path) -> list[Path]:
        return [home / "credential"]

    def read(self, home: Path, line: Line, now_ms: int) -> list[ReadingRecord]:
        answer = decode(line.call(Call("GET", self.asks, {})), json.loads)
        if answer == "none":
            return []
        return [reading("one", None, 300, answer["used"], answer["resets_ms"], now_ms)]


@dataclass
class World:
    """A coordinator, its clock, what it kept and what it saved."""

    targets: list[Target]
    known: dict[str, Asked] = field(default_factory=dict)
    now: float = NOW
    every_ms: int | None = 60_000
    kept: list[tuple[str, ReadingRecord]] = field(default_factory=list)
    saved: Mapping[str, Asked] = field(default_factory=dict)

    def start(self) -> Coordinator:
        return Coordinator(
            Keeper(lambda: self.targets, lambda: self.every_ms, self.keep, self.save),
            self.known,
            HttpLine(seconds=1, now=lambda: self.now),
            lambda: self.now,
        )

    def keep(self, target: Target, readings: Sequence[ReadingRecord]) -> None:
        self.kept += [(target.key, one) for one in readings]

    def save(self, known: Mapping[str, Asked]) -> None:
        self.saved = dict(known)


@pytest.fixture
def world(server: Stage, tmp_path: Path) -> Iterator[World]:
    server.play(GOOD)
    (tmp_path / "credential").write_text("1")
    source: LiveSource = Simple(server.url)
    yield World([Target("one:1", 1, "one", tmp_path, source)])


def test_an_hour_of_ticks_asks_once_a_cadence(world: World, server: Stage) -> None:
    coordinator = world.start()
    for _ in range(720):
        coordinator.ask_due(by_hand=False)
        world.now += 5
    assert len(server.requests) == 60
    world.every_ms = 15 * 60_000
    for _ in range(720):
        coordinator.ask_due(by_hand=False)
        world.now += 5
    assert 3 <= len(server.requests) - 60 <= 4


def test_asking_by_hand_all_the_time_asks_once_a_minute(world: World, server: Stage) -> None:
    world.every_ms = None
    coordinator = world.start()
    for _ in range(300):
        coordinator.ask_due(by_hand=True)
        world.now += 1
    assert len(server.requests) == 5
    assert coordinator.ask_due(by_hand=False) == 0


def test_nothing_is_asked_of_what_is_off(world: World, server: Stage) -> None:
    targets, world.targets = world.targets, []
    coordinator = world.start()
    for _ in range(100):
        coordinator.ask_due(by_hand=True)
        world.now += 60
    assert server.requests == []
    world.targets = targets
    assert coordinator.ask_due(by_hand=False) == 1


def test_a_restart_does_not_ask_sooner(world: World, server: Stage) -> None:
    world.start().ask_due(by_hand=False)
    world.known = dict(world.saved)
    world.now += 59
    again = world.start()
    assert again.ask_due(by_hand=True) == 0
    world.now += 1
    assert again.ask_due(by_hand=False) == 1
    assert len(server.requests) == 2


def test_retry_after_and_backoff_are_held(world: World, server: Stage) -> None:
    server.play(Played(429, headers={"Retry-After": "600"}), Played(500), GOOD)
    coordinator = world.start()
    for _ in range(119):
        coordinator.ask_due(by_hand=True)
        world.now += 5
    assert len(server.requests) == 1
    assert coordinator.asked["one:1"].kind == "throttled"
    world.now += 5
    coordinator.ask_due(by_hand=False)
    assert coordinator.asked["one:1"].kind == "server"
    world.now += 3_600
    coordinator.ask_due(by_hand=False)
    assert (coordinator.asked["one:1"].kind, len(world.kept)) == (None, 1)


def test_a_refused_credential_is_not_tried_again_until_its_file_changed(
    world: World, server: Stage, tmp_path: Path
) -> None:
    server.play(Played(401), GOOD)
    coordinator = world.start()
    for _ in range(100):
        coordinator.ask_due(by_hand=False)
        world.now += 600
    assert len(server.requests) == 1
    (tmp_path / "credential").write_text("renewed")
    coordinator.ask_due(by_hand=False)
    assert len(server.requests) == 2
    assert len(world.kept) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Played(body=b"<!doctype html><p>Sign in"), "unexpected"),
        (Played(body=b"{}"), "unexpected"),
        (Played(body=b'"none"'), "unexpected"),
        (Played(body=b'{"used": NaN, "resets_ms": 1}'), "unexpected"),
        (Played(403), "forbidden"),
        (Played(404), "not_found"),
        (Played(503), "server"),
        (Played(pause=2), "timeout"),
        (Played(body=b"1234", cut=True), "offline"),
    ],
)
def test_a_failure_keeps_nothing_and_leaves_the_last_answer_alone(
    world: World, server: Stage, answer: Played, kind: str
) -> None:
    coordinator = world.start()
    coordinator.ask_due(by_hand=False)
    server.play(answer)
    world.now += 60
    coordinator.ask_due(by_hand=False)
    asked = coordinator.asked["one:1"]
    assert (asked.kind, asked.good_ms, len(world.kept)) == (kind, round(NOW * 1000), 1)
    assert asked.message


def test_a_reset_is_told_on_our_clock(world: World, server: Stage) -> None:
    server.play(Played(body=GOOD.body, headers={"Date": formatdate(NOW - 3_600, usegmt=True)}))
    world.start().ask_due(by_hand=False)
    ((_, kept),) = world.kept
    assert kept.resets_at_ms == 1_800_003_600_000 + 3_600_000
    assert kept.time_ms == round(NOW * 1000)


def test_two_homes_of_a_source_take_turns_a_minute_apart(world: World, server: Stage, tmp_path: Path) -> None:
    source = world.targets[0].source
    world.targets = [Target(f"one:{number}", number, "one", tmp_path, source) for number in (1, 2)]
    coordinator = world.start()
    for _ in range(60):
        coordinator.ask_due(by_hand=True)
        world.now += 10
    assert len(server.requests) == 10
    assert [key for key, _ in world.kept] == ["one:1", "one:2"] * 5


def test_a_source_that_breaks_is_a_failure_too(world: World, server: Stage) -> None:
    server.play(Played(body=b'{"used": "much", "resets_ms": 1}'))
    coordinator = world.start()
    for _ in range(50):
        coordinator.ask_due(by_hand=False)
        world.now += 1
    assert len(server.requests) == 1
    assert coordinator.asked["one:1"].kind == "unexpected"


def test_the_thread_asks_when_it_is_told_and_ends(server: Stage, tmp_path: Path) -> None:
    server.play(Played(body=GOOD.body, pause=0.1))
    world = World(
        [Target(f"{name}:1", 1, "one", tmp_path, Simple(server.url, name)) for name in "ab"],
        every_ms=None,
        now=time.time(),
    )
    coordinator = world.start()
    coordinator.start()
    for _ in range(5):
        coordinator.refresh()
        time.sleep(0.02)
    deadline = time.monotonic() + 5
    while len(world.kept) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    coordinator.stop()
    assert [key for key, _ in world.kept] == ["a:1", "b:1"]
    assert len(server.requests) == 2
    assert all(thread.name != "live" for thread in threading.enumerate())


def test_a_failure_says_nothing_of_what_was_sent(world: World) -> None:
    def broken(_home: Path, _line: Line, _now_ms: int) -> list[ReadingRecord]:
        raise LiveFailure("refused", "words")

    source = world.targets[0].source
    source.read = broken  # type: ignore[method-assign]  # a source that only fails
    coordinator = world.start()
    coordinator.ask_due(by_hand=False)
    assert coordinator.asked["one:1"].message == "words"
