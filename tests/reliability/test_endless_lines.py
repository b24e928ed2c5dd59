"""Lines without an end: refused in a stream, in little memory, and nothing around them is lost (M3)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.agents import AgentLog, ClaudeLog, CodexLog, GeminiLog, every_agent, home_of, session_of
from tests.support.gemini_logs import Talk, used
from tests.support.proofs import Proved, Size
from tests.support.weighed import needs_proc, weigh

pytestmark = needs_proc
MB = 1 << 20
LIMIT = 32 * MB
FILLINGS = {"letters": b"x", "nul": b"\0", "brackets": b"[", "open-string": b'{"a":"\\'}


def fill(path: Path, filling: bytes, length: int) -> None:
    """Append a line of so many bytes, without its newline."""
    piece = (filling * (MB // len(filling) + 1))[:MB]
    with path.open("ab") as file:
        for _ in range(length // MB):
            file.write(piece)
        file.write(piece[: length % MB])


@pytest.fixture(autouse=True)
def _no_gigabytes_stay(tmp_path: Path) -> Iterator[None]:
    """The folders of the last runs are kept."""
    yield
    for path in tmp_path.rglob("*.json*"):
        path.unlink()


@pytest.mark.parametrize(
    ("agent", "filling"),
    [(CodexLog, "letters"), (ClaudeLog, "nul"), (GeminiLog, "open-string"), (CodexLog, "brackets")],
)
def test_m3_one_line_of_many_megabytes(
    agent: type[AgentLog], filling: str, size: Size, proved: Proved, tmp_path: Path
) -> None:
    home, log, megabytes = home_of(agent, tmp_path), session_of(agent, 2), size(64, 2048)
    path = log.write(home[1])
    fill(path, FILLINGS[filling], megabytes * MB)
    with path.open("ab") as file:
        file.write(b"\n" + log.respond(10) + log.respond(11))
    found = weigh(tmp_path / "data", home)
    assert (found.counted, found.refused, found.problems) == (4, {"line_too_long": 1}, [])
    proved("M3", "megabytes in one line", megabytes)


@every_agent
def test_m3_a_response_that_is_too_long_is_told(agent: type[AgentLog], proved: Proved, tmp_path: Path) -> None:
    """Just below the limit it is counted."""
    home, log = home_of(agent, tmp_path), session_of(agent, 1)
    for number, length in ((1, LIMIT - 1), (2, LIMIT), (3, LIMIT + 2 * MB)):
        line = log.respond(number)
        head = line[:-2] + b',"padding":"'
        log.lines[-1] = head + b"y" * (length - len(head) - 3) + b'"}\n'
        assert len(log.lines[-1]) == length
    log.respond(5)
    log.write(home[1])
    found = weigh(tmp_path / "data", home)
    assert (found.counted, found.refused) == (4, {"line_too_long": 1})
    proved("M3", "megabytes in one line", 3 * LIMIT // MB)


@every_agent
def test_m3_an_endless_line_that_grows(agent: type[AgentLog], size: Size, proved: Proved, tmp_path: Path) -> None:
    """Polled while it grows: nothing is refused before it ends, and what follows it is read."""
    home, log, steps = home_of(agent, tmp_path), session_of(agent, 2), size(2, 32)
    path = log.write(home[1])
    for _ in range(steps):
        fill(path, b"z", (LIMIT * 3) // 4 if steps < 10 else 64 * MB)
        found = weigh(tmp_path / "data", home)
        assert (found.counted, found.refused, found.problems) == (2, {}, [])
    with path.open("ab") as file:
        file.write(b"\n" + log.respond(10))
    found = weigh(tmp_path / "data", home)
    assert (found.counted, found.refused) == (3, {"line_too_long": 1})
    proved("M3", "polls of an endless line", steps + 1)


@pytest.mark.parametrize("megabytes", [257, 4096])
def test_m3_a_document_that_is_too_large(megabytes: int, proved: Proved, tmp_path: Path) -> None:
    """What it held before stays counted. The file has holes, so it takes no room."""
    home, talk = home_of(GeminiLog, tmp_path), Talk()
    path = home[1] / talk.path(".json").removeprefix("home/")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(talk.document(talk.message("a", used(1)), talk.message("b", used(2))))
    assert weigh(tmp_path / "data", home).counted == 2
    os.truncate(path, megabytes * MB)
    found = weigh(tmp_path / "data", home)
    assert (found.counted, found.refused) == (2, {"document_too_large": 1})
    proved("M3", "documents too large", 1)
